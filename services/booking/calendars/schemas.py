"""Openings and sessions, as people read them."""

from datetime import datetime
from typing import Literal, Self
from uuid import UUID

from services.booking.calendars.sources import BusyName
from services.booking.sessions.models import CalendarSession
from shared.web.http import UtcTime, View


class SlotView(View):
    """A slot that can be booked; where several locations fit, it is there once for each."""

    start_time: UtcTime
    end_time: UtcTime
    available_spots: int
    location_id: UUID | None


class BusyView(View):
    """Some time that is taken: by a session that is booked, or off."""

    start_time: UtcTime
    end_time: UtcTime
    source: BusyName


class SessionView(View):
    """A session with the seats that are left in it. `position` counts the dates of its service, in order of their
    starts, from 1; it is null for what was not announced, and so has no dates beside it."""

    id: UUID
    service_id: UUID
    start_time: UtcTime
    end_time: UtcTime
    status: Literal["scheduled", "done", "cancelled"]
    available_spots: int
    location_id: UUID | None
    series_id: UUID | None
    position: int | None

    @classmethod
    def of(cls, session: CalendarSession, available_spots: int, position: int | None, now: datetime) -> Self:
        """The session as it is now."""
        over = "done" if session.end_time <= now else "scheduled"
        status = over if session.cancelled_at is None else "cancelled"
        left = max(available_spots, 0) if status == "scheduled" else 0
        return cls.showing(session, status=status, available_spots=left, position=position)


class DateView(SessionView):
    """A session that was announced."""

    position: int
