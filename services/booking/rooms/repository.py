"""What is to be closed at the video provider."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from services.booking.rooms.models import RoomClosure
from shared.database.repository import Repository
from shared.records.clock import machine_now

BATCH = 20
MAX_BACKOFF = 60


class RoomClosures(Repository):
    """Rooms to end, and people to remove from rooms."""

    def add(self, booking_id: UUID, room: str, participant: str | None) -> None:
        """Notes that the room is to be ended, or that only the participant is to be removed."""
        closure = RoomClosure(booking_id=booking_id, room=room, participant=participant, attempt_at=machine_now())
        closure.created_at = self.session.now()
        self.session.add(closure)
        self.session.wake_jobs_after_commit("close_rooms")

    async def claim(self) -> Sequence[RoomClosure]:
        """Those that are due and not being tried just now; the next try of each comes later."""
        due = (RoomClosure.closed_at.is_(None), RoomClosure.attempt_at <= machine_now())
        statement = select(RoomClosure).where(*due).order_by(RoomClosure.attempt_at).limit(BATCH)
        closures = (await self.session.execute(statement.with_for_update(skip_locked=True))).scalars().all()
        for closure in closures:
            closure.attempts += 1
            closure.attempt_at = machine_now() + timedelta(seconds=min(2**closure.attempts, MAX_BACKOFF))
        return closures

    async def mark_done(self, closure_id: UUID) -> None:
        """The provider has done it."""
        closure = await self.session.get_one(RoomClosure, closure_id)
        closure.closed_at = self.session.now()
