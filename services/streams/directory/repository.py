"""SQL of the projections."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from services.streams.directory.models import Approval, DeactivatedUser, Suspension, User
from shared.database import people
from shared.database.repository import Repository


class Users(Repository):
    """Short names, and closed accounts."""

    async def put(self, user_id: UUID, display_name: str) -> None:
        """Stores the name of identity's event; of a closed account none, whenever the event comes."""
        named = select(literal(user_id), literal(display_name)).where(~is_deactivated(user_id))
        row = insert(User).from_select(["user_id", "display_name"], named)
        change = {"display_name": row.excluded.display_name}
        await self.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=change))

    async def find_name(self, user_id: UUID) -> str | None:
        """The name; of an unknown user None, and the user is stored as one without a name."""
        await self.session.execute(insert(User).values(user_id=user_id).on_conflict_do_nothing())
        return await self.session.scalar(select(User.display_name).where(User.user_id == user_id))

    async def without_name(self, limit: int) -> Sequence[UUID]:
        """Users whose name is to be fetched."""
        query = select(User.user_id).where(User.display_name.is_(None)).limit(limit)
        return (await self.session.scalars(query)).all()

    async def fill_name(self, user_id: UUID, display_name: str) -> None:
        """Stores what identity answered, unless an event came first: the event is not older."""
        nameless = update(User).where(User.user_id == user_id, User.display_name.is_(None))
        await self.session.execute(nameless.values(display_name=display_name))

    async def deactivate(self, user_id: UUID) -> None:
        """Stores that the account is closed, and removes the name; again changes nothing."""
        await people.close_account(self.session, DeactivatedUser, user_id)
        await self.session.execute(delete(User).where(User.user_id == user_id))


def is_deactivated(user_id: Any) -> ColumnElement[bool]:
    """Whether that column names a closed account."""
    return people.is_closed(DeactivatedUser, user_id)


def is_suspended(user_id: Any) -> ColumnElement[bool]:
    """Whether that column names a suspended account."""
    return people.is_suspended(Suspension, user_id)


def has_lost_approval(practitioner_id: Any) -> ColumnElement[bool]:
    """Whether that column names a practitioner whose approval staff took back."""
    return people.has_lost_approval(Approval, practitioner_id)
