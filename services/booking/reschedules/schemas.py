"""Moves, as clients send them, and sessions as their practitioner reads them."""

from typing import Literal
from uuid import UUID

from services.booking.sessions.models import CalendarSession
from shared.web.http import Body, UtcTime, View


class MoveBody(Body):
    """Where to move a booking or a session."""

    start_time: UtcTime


class Agreement(Body):
    """The start that the client has seen and agrees to; left out: the present one, whatever it is."""

    start_time: UtcTime | None = None


class SessionView(View):
    """A session that is still to come, with the seats that are left in it."""

    id: UUID
    service_id: UUID
    start_time: UtcTime
    end_time: UtcTime
    status: Literal["scheduled"] = "scheduled"
    available_spots: int

    @classmethod
    def of(cls, session: CalendarSession, available_spots: int) -> "SessionView":
        """The session as it is now."""
        return cls.showing(session, status="scheduled", available_spots=available_spots)
