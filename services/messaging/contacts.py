"""What messaging knows of people: names, who is a verified practitioner, who has booked, written, blocked."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict
from sqlalchemy import delete, exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.messaging.domain import Contact
from services.messaging.models import Block, Booking, Conversation, Member, Message, Person, Practitioner, Report
from shared.auth.verification import Who
from shared.database.session import Session, table_of, values_of
from shared.database.statements import CompiledStatement


class Practice(BaseModel):
    """What messaging keeps of catalog's word about a practitioner."""

    model_config = ConfigDict(from_attributes=True)

    practitioner_id: UUID
    display_name: str
    verification_status: str
    version: int


class Contacts:
    """People as somebody who wants to write to them stands to them."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def of(self, who: Who, user_ids: Sequence[UUID]) -> list[Contact]:
        """Each of these people, known or not, in the same order."""
        known = await self._known(who, user_ids)
        return [known.get(user_id, Contact(user_id)) for user_id in user_ids]

    async def _known(self, who: Who, user_ids: Sequence[UUID]) -> dict[UUID, Contact]:
        mine, theirs = aliased(Member), aliased(Member)
        met = (
            select(theirs.user_id)
            .join(mine, mine.conversation_id == theirs.conversation_id)
            .where(mine.user_id == who.user_id, theirs.user_id == Person.user_id, theirs.has_written)
        )
        booked = exists().where(Booking.practitioner_user_id == who.user_id, Booking.client_id == Person.user_id)
        query = (
            select(
                Person.user_id,
                Person.deactivated_at.is_(None).label("is_active"),
                exists()
                .where(Practitioner.user_id == Person.user_id, Practitioner.is_verified)
                .label("is_verified"),
                booked.label("has_booked"),
                met.exists().label("has_written"),
                self._blocked(who).label("is_blocked"),
            )
            .where(Person.user_id.in_(user_ids))
        )  # fmt: skip
        rows = (await self.session.execute(query)).mappings()
        return {row["user_id"]: Contact(**row, is_known=True) for row in rows}

    def _blocked(self, who: Who) -> Any:
        by_me = (Block.blocker_id == who.user_id) & (Block.blocked_id == Person.user_id)
        return exists().where(or_(by_me, (Block.blocked_id == who.user_id) & (Block.blocker_id == Person.user_id)))


class People:
    """The copy of identity's users."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def put(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Writes the name as identity's event says; a deactivated person gets none back."""
        named = insert(Person).values(user_id=user_id, first_name=first_name, last_name=last_name)
        changes = {"first_name": named.excluded.first_name, "last_name": named.excluded.last_name}
        await self.session.execute(
            named.on_conflict_do_update(index_elements=["user_id"], set_=changes, where=Person.deactivated_at.is_(None))
        )

    async def add_if_unknown(self, user_id: UUID, first_name: str, last_name: str) -> None:
        """Keeps what identity answered, unless an event came first: the event is not older."""
        named = insert(Person).values(user_id=user_id, first_name=first_name, last_name=last_name)
        await self.session.execute(named.on_conflict_do_nothing())

    async def put_display_name(self, user_id: UUID, display_name: str) -> None:
        """Writes a practitioner's name as catalog says; a deactivated person gets none back."""
        named = insert(Person).values(user_id=user_id, display_name=display_name)
        changes = {"display_name": named.excluded.display_name}
        await self.session.execute(
            named.on_conflict_do_update(index_elements=["user_id"], set_=changes, where=Person.deactivated_at.is_(None))
        )

    async def forget_name(self, user_id: UUID, moment: datetime) -> None:
        """The account is no more since that moment of business time."""
        gone = {"first_name": None, "last_name": None, "display_name": None, "deactivated_at": moment}
        statement = insert(Person).values(user_id=user_id, **gone)
        await self.session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=gone))

    async def erase_content(self, user_id: UUID) -> Sequence[UUID]:
        """Empties what the person wrote; that they wrote stays, else the others' history would have holes.

        Answers the conversations that lost their subject.
        """
        own = update(Message).where(Message.sender_id == user_id, Message.body != "")
        await self.session.execute(own.values(body="", client_id=None))
        await self.session.execute(update(Report).where(Report.reporter_id == user_id).values(reason=""))
        return await self._forget_subjects(user_id)

    async def _forget_subjects(self, user_id: UUID) -> Sequence[UUID]:
        """Those that the person gave; of an old conversation nobody knows who did. A booking's is its title again."""
        title = select(Booking.service_title).where(Booking.id == Conversation.booking_id).scalar_subquery()
        member = exists().where(Member.conversation_id == Conversation.id, Member.user_id == user_id)
        old = Conversation.opened_by.is_(None) & Conversation.booking_id.is_(None) & member
        given = (Conversation.subject.is_distinct_from(title), or_(Conversation.opened_by == user_id, old))
        own = update(Conversation).where(*given).values(subject=title).returning(Conversation.id)
        return (await self.session.scalars(own.execution_options(synchronize_session=False))).all()

    async def unknown(self, limit: int) -> Sequence[UUID]:
        """Members of whom nothing has been heard: those who registered before this service existed."""
        known = exists().where(Person.user_id == Member.user_id)
        return (await self.session.scalars(select(Member.user_id).where(~known).distinct().limit(limit))).all()


class Practitioners:
    """The copy of who is a verified practitioner."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def put(self, user_id: UUID, given: "Practice") -> None:
        """Writes what catalog says, unless something newer is there."""
        is_verified = given.verification_status == "approved"
        row = {"practitioner_id": given.practitioner_id, "is_verified": is_verified, "version": given.version}
        told = insert(Practitioner).values(user_id=user_id, **row)
        not_older = Practitioner.version <= told.excluded.version
        written = told.on_conflict_do_update(index_elements=["user_id"], set_=row, where=not_older)
        if await self.session.scalar(written.returning(Practitioner.user_id)) is not None:
            await People(self.session).put_display_name(user_id, given.display_name)

    async def nameless(self, limit: int) -> Sequence[UUID]:
        """Those of whom catalog told before their names were kept."""
        query = select(Practitioner.user_id).outerjoin(Person, Person.user_id == Practitioner.user_id)
        missing = query.where(Person.display_name.is_(None), Person.deactivated_at.is_(None))
        return (await self.session.scalars(missing.limit(limit))).all()


class Bookings:
    """The copy of who has booked with whom."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def find(self, booking_id: UUID) -> Booking | None:
        return await self.session.get(Booking, booking_id)

    async def put(self, booking: Booking) -> None:
        """Keeps a confirmed booking; its sides and title do not change."""
        await self.session.run(ADD_BOOKING, values_of(booking))


class Blocks:
    """Who wants to hear nothing of whom."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add(self, who: Who, blocked_id: UUID) -> None:
        row = {"blocker_id": who.user_id, "blocked_id": blocked_id, "created_at": self.session.now()}
        await self.session.execute(insert(Block).values(row).on_conflict_do_nothing())

    async def remove(self, who: Who, blocked_id: UUID) -> None:
        own = delete(Block).where(Block.blocker_id == who.user_id, Block.blocked_id == blocked_id)
        await self.session.execute(own)


ADD_BOOKING = CompiledStatement(insert(table_of(Booking)).on_conflict_do_nothing())
