"""What staff see of an account."""

from typing import Literal
from uuid import UUID

from shared.auth.permissions import Role
from shared.web.http import UtcTime, View


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
