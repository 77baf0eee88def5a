"""The projection's rows: what people are called, whose account is closed, and who may sell."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from services.booking.people.models import Approval, Departure, Name
from shared.database.people import has_lost_approval, is_closed
from shared.database.repository import Repository
from shared.records.names import NameForm, shown_name


class Names(Repository):
    """The names of people, by user id."""

    async def put(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores the present name; of a closed account none, whenever the event comes."""
        names = select(literal(user_id), literal(first_name), literal(last_name))
        named = names.where(~is_closed(Departure, user_id))
        row = insert(Name).from_select(["user_id", "first_name", "last_name"], named)
        new = {"first_name": row.excluded.first_name, "last_name": row.excluded.last_name}
        await self.session.execute(row.on_conflict_do_update(index_elements=["user_id"], set_=new))

    async def fill(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores a name that was missing; what an event brought or took away meanwhile stays."""
        still_missing = (Name.user_id == user_id, Name.first_name.is_(None))
        await self.session.execute(
            update(Name).where(*still_missing).values(first_name=first_name, last_name=last_name)
        )

    async def remove(self, user_id: UUID) -> None:
        """Deletes the name."""
        await self.session.execute(delete(Name).where(Name.user_id == user_id))

    async def missing(self, limit: int) -> Sequence[UUID]:
        """People whose name was never received, in random order, so that one without an answer delays no other."""
        unknown = select(Name.user_id).where(Name.first_name.is_(None))
        return (await self.session.scalars(unknown.order_by(func.random()).limit(limit))).all()

    async def of(self, user_ids: Collection[UUID], form: NameForm) -> dict[UUID, str]:
        """Their names in that form, in one statement; who is not known is left out."""
        if not user_ids:
            return {}
        rows = await self.session.scalars(select(Name).where(Name.user_id.in_(user_ids)))
        return {
            row.user_id: shown_name(row.first_name, row.last_name, form) for row in rows if row.first_name is not None
        }


def may_not_sell(practitioner_id: ColumnElement[UUID], user_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether that practitioner's account is closed or the approval was lost."""
    return is_closed(Departure, user_id) | has_lost_approval(Approval, practitioner_id)
