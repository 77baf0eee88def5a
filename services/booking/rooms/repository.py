"""What is to be closed at the video provider."""

from collections.abc import Sequence
from uuid import UUID

from services.booking.rooms.models import RoomClosure
from shared.concurrency.back_off import BackOff
from shared.database.repository import Repository
from shared.work.attempts import claim

BATCH = 20
BACK_OFF = BackOff(2.0, 60.0)


class RoomClosures(Repository):
    """Rooms to end, and people to remove from rooms."""

    def add(self, booking_id: UUID, room: str, participant: str | None) -> None:
        """Notes that the room is to be ended, or that only the participant is to be removed."""
        closure = RoomClosure(booking_id=booking_id, room=room, participant=participant)
        closure.created_at = self.session.now()
        closure.start_over()
        self.session.add(closure)
        self.session.wake_jobs_after_commit("close_rooms")

    async def claim(self) -> Sequence[RoomClosure]:
        """Those that are due and not being tried just now."""
        return await claim(self.session, RoomClosure, BATCH, BACK_OFF)

    async def mark_done(self, closure_id: UUID) -> None:
        """The provider has done it."""
        closure = await self.session.get_one(RoomClosure, closure_id)
        closure.closed_at = self.session.now()
        closure.succeeded()
