"""Sessions as their practitioner reads and writes them."""

from typing import Literal
from uuid import UUID

from services.booking.reservations.models import Reservation
from shared.web.http import Body, UtcTime, View


class MoveSessionBody(Body):
    """Where to move a session."""

    start_time: UtcTime


class SessionView(View):
    """A session that is still to come, with the seats that are left in it."""

    id: UUID
    service_id: UUID
    start_time: UtcTime
    end_time: UtcTime
    status: Literal["scheduled"] = "scheduled"
    available_spots: int

    @classmethod
    def of(cls, session: Reservation, available_spots: int) -> "SessionView":
        """The session as it is now."""
        given = {name: getattr(session, name) for name in ("id", "service_id", "start_time", "end_time")}
        return cls(**given, available_spots=available_spots)
