"""SQL of participants, contacts and blocks."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import aliased

from services.messaging.directory.models import Booking, Practitioner, User
from services.messaging.participants.domain import Contact, OtherParticipant
from services.messaging.participants.models import Block, Departure, Participant
from shared.auth.verification import Caller
from shared.database.repository import Repository, found
from shared.database.session import table_of
from shared.database.statements import CompiledStatement


class Participants(Repository):
    """Who takes part, and how far they have read."""

    async def add(self, conversation_id: UUID, user_ids: Iterable[UUID]) -> None:
        """The participants of a new conversation."""
        rows = [{"conversation_id": conversation_id, "user_id": user_id} for user_id in user_ids]
        await self.session.run_many(ADD_PARTICIPANT, rows)

    async def get(self, conversation_id: UUID, caller: Caller) -> Participant:
        """The caller's own row as it is now; raises NotFound."""
        query = select(Participant).where(
            Participant.conversation_id == conversation_id, Participant.user_id == caller.user_id
        )
        return found(await self.session.scalar(query.execution_options(populate_existing=True)), "conversation")

    async def others(self, conversation_id: UUID, caller: Caller) -> list[OtherParticipant]:
        """All but the caller."""
        query = (
            select(Participant.user_id, User.deactivated_at.is_(None), _is_blocked(caller, Participant.user_id))
            .outerjoin(User, User.user_id == Participant.user_id)
            .where(Participant.conversation_id == conversation_id, Participant.user_id != caller.user_id)
            .order_by(Participant.user_id)
        )
        return [OtherParticipant(*row) for row in await self.session.execute(query)]

    async def remove(self, conversation_id: UUID, caller: Caller) -> None:
        """The caller leaves; that they took part is kept."""
        own = (Participant.conversation_id == conversation_id, Participant.user_id == caller.user_id)
        await self.session.execute(delete(Participant).where(*own))
        self.session.add(Departure(conversation_id=conversation_id, user_id=caller.user_id, left_at=self.session.now()))

    async def ids(self, conversation_id: UUID) -> set[UUID]:
        """The user ids of all participants."""
        query = select(Participant.user_id).where(Participant.conversation_id == conversation_id)
        return set(await self.session.scalars(query))

    async def present_and_former(self, conversation_id: UUID) -> list[UUID]:
        """The user ids of all participants, and of those who have left."""
        present = select(Participant.user_id).where(Participant.conversation_id == conversation_id)
        former = select(Departure.user_id).where(Departure.conversation_id == conversation_id)
        return sorted(await self.session.scalars(present.union(former)))

    async def with_users(self, conversation_ids: Sequence[UUID]) -> Sequence[tuple[Participant, User | None]]:
        """The participants of these conversations, each with their names as far as they are known."""
        query = select(Participant, User).outerjoin(User, User.user_id == Participant.user_id)
        query = query.where(Participant.conversation_id.in_(conversation_ids)).order_by(Participant.user_id)
        return [(participant, user) for participant, user in await self.session.execute(query)]

    async def without_user(self, limit: int) -> Sequence[UUID]:
        """The user ids of participants who registered before this service existed."""
        known = exists().where(User.user_id == Participant.user_id)
        return (await self.session.scalars(select(Participant.user_id).where(~known).distinct().limit(limit))).all()


class Contacts(Repository):
    """Users to whom the caller wants to write."""

    async def list(self, user_ids: Sequence[UUID], caller: Caller) -> list[Contact]:
        """Each of these users, known or not, in the same order."""
        known = await self._known(user_ids, caller)
        return [known.get(user_id, Contact(user_id)) for user_id in user_ids]

    async def _known(self, user_ids: Sequence[UUID], caller: Caller) -> dict[UUID, Contact]:
        is_verified = exists().where(Practitioner.user_id == User.user_id, Practitioner.is_verified)
        has_booked = exists().where(Booking.practitioner_user_id == caller.user_id, Booking.client_id == User.user_id)
        query = select(
            User.user_id,
            User.deactivated_at.is_(None).label("is_active"),
            is_verified.label("is_verified"),
            has_booked.label("has_booked"),
            _has_written_to(caller, User.user_id).label("has_written"),
            _is_blocked(caller, User.user_id).label("is_blocked"),
        ).where(User.user_id.in_(user_ids))
        rows = (await self.session.execute(query)).mappings()
        return {row["user_id"]: Contact(**row, is_known=True) for row in rows}


class Blocks(Repository):
    """Which user has blocked which."""

    async def add(self, blocked_id: UUID, caller: Caller) -> None:
        """The caller blocks that user; again changes nothing."""
        row = {"blocker_id": caller.user_id, "blocked_id": blocked_id, "created_at": self.session.now()}
        await self.session.execute(insert(Block).values(row).on_conflict_do_nothing())

    async def remove(self, blocked_id: UUID, caller: Caller) -> None:
        """The caller's own block of that user ends; the other's stays."""
        own = delete(Block).where(Block.blocker_id == caller.user_id, Block.blocked_id == blocked_id)
        await self.session.execute(own)


def _is_blocked(caller: Caller, user_id: Any) -> ColumnElement[bool]:
    """Whether the caller or the user of that column has blocked the other."""
    by_caller = and_(Block.blocker_id == caller.user_id, Block.blocked_id == user_id)
    return exists().where(or_(by_caller, and_(Block.blocker_id == user_id, Block.blocked_id == caller.user_id)))


def _has_written_to(caller: Caller, user_id: Any) -> ColumnElement[bool]:
    """Whether the user of that column has written in a conversation of the caller's."""
    mine, theirs = aliased(Participant), aliased(Participant)
    met = (
        select(theirs.user_id)
        .join(mine, mine.conversation_id == theirs.conversation_id)
        .where(mine.user_id == caller.user_id, theirs.user_id == user_id, theirs.has_written)
    )
    return met.exists()


ADD_PARTICIPANT = CompiledStatement(insert(table_of(Participant)))  # benchmarks/checkouts.py
