"""What staff see of an account, and why they act on one."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import StringConstraints

from shared.auth.permissions import Role
from shared.web.http import Body, LongText, UtcTime, View


class Reasoned(Body):
    """Why it is done, for the audit log."""

    reason: Annotated[LongText, StringConstraints(min_length=1, max_length=1000)]


class ListedAccount(View):
    """An account in a list."""

    id: UUID
    email: str
    first_name: str
    last_name: str
    roles: list[Role]
    practitioner_id: UUID | None
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
