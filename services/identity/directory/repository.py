"""SQL of the accounts that staff look for."""

from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Text, any_, cast, or_, select, true

from services.identity.accounts.models import User
from shared.auth.permissions import Role
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found


class AccountStatus(StrEnum):
    """Whether an account can be used."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    DEACTIVATED = "deactivated"


CLOSED = User.deactivated_at.is_not(None)
WITH_STATUS: dict[AccountStatus, ColumnElement[bool]] = {
    AccountStatus.ACTIVE: ~CLOSED & User.suspended_at.is_(None),
    AccountStatus.SUSPENDED: ~CLOSED & User.suspended_at.is_not(None),
    AccountStatus.DEACTIVATED: CLOSED,
}
OF_COLUMNS: dict[Role, ColumnElement[bool]] = {
    Role.USER: true(),
    Role.PRACTITIONER: User.practitioner_id.is_not(None),
    Role.STAFF: or_(User.is_staff, User.is_superuser),
    Role.SUPERUSER: User.is_superuser.expression,
}


def _matches(text: str) -> ColumnElement[bool]:
    name = User.first_name + " " + User.last_name
    address = cast(User.email, Text)
    return or_(address.icontains(text, autoescape=True), name.icontains(text, autoescape=True))


LIST = ListOf(User, {"created_at": User.created_at, "email": User.email}, last=User.id.desc(), search=_matches)


class Accounts(Repository):
    """All accounts, closed ones too."""

    async def list(self, page: Page, role: Role | None, status: AccountStatus | None) -> Found[User]:
        """One page, newest first unless ordered otherwise; `search` looks into addresses and names."""
        query = select(User)
        if role is not None:
            query = query.where(OF_COLUMNS[role] if role in OF_COLUMNS else any_(User.granted_roles) == role.value)
        if status is not None:
            query = query.where(WITH_STATUS[status])
        return await LIST.page(self.session, query, page)

    async def get(self, user_id: UUID) -> User:
        """The account in whatever state; raises NotFound."""
        return found(await self.session.get(User, user_id), "user")
