"""What staff see of an account, and why they act on one."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from services.identity.accounts.schemas import Account
from shared.web.http import Body, LongText, UtcTime


class Reasoned(Body):
    """Why it is done, for the audit log."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)]


class ListedAccount(Account):
    """An account in a list."""

    status: Literal["active", "suspended", "deactivated"]
    is_verified: bool
    created_at: UtcTime


class AccountView(ListedAccount):
    """One account; `has_password`: it can be signed in to by password."""

    phone: str | None
    location: str | None
    timezone: str | None
    locale: str | None
    has_password: bool
    mfa_enabled: bool = False
    updated_at: UtcTime
    suspended_at: UtcTime | None
    deactivated_at: UtcTime | None
