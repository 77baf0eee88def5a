"""The projection's rows: what people are called, whose account is closed, and who may sell."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from services.booking.people.models import Approval, Departure, Name
from shared.database import projection
from shared.database.repository import Repository
from shared.records.names import NameForm, shown_name


class Names(Repository):
    """The names of people, by user id."""

    async def put(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Stores the present name; of a closed account none, whenever the event comes."""
        closed = exists().where(Departure.user_id == user_id)
        named = select(literal(user_id), literal(first_name), literal(last_name)).where(~closed)
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


class Departures(Repository):
    """Closed accounts, and approvals of practitioners."""

    async def add(self, user_id: UUID) -> None:
        """Stores that the account is closed; again changes nothing."""
        row = {"user_id": user_id, "created_at": self.session.now()}
        await self.session.execute(insert(Departure).values(row).on_conflict_do_nothing())

    async def put_approval(self, practitioner_id: UUID, version: int, *, is_approved: bool) -> None:
        """Stores what staff decided, unless something newer is there."""
        row = {"practitioner_id": practitioner_id, "version": version, "is_approved": is_approved}
        await projection.put(self.session, Approval, row)


def may_not_sell(practitioner_id: ColumnElement[UUID], user_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Whether that practitioner's account is closed or the approval was lost."""
    closed = exists().where(Departure.user_id == user_id)
    return closed | exists().where(Approval.practitioner_id == practitioner_id, Approval.is_approved.is_(False))
