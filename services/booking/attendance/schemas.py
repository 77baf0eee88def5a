"""Rosters, marks and codes as practitioners read and write them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints

from services.booking.bookings.domain import Mark
from services.booking.bookings.models import Booking
from services.booking.bookings.schemas import AttendeeView
from shared.events.booking import Attendance
from shared.web.http import Body, UtcTime, View

MOST_MARKS = 1000
Code = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, min_length=1, max_length=32)]


class MarkBody(Body):
    """Whether the client of that booking came."""

    booking_id: UUID
    attendance: Mark


class MarksBody(Body):
    """Of several marks of one booking the last one stands."""

    marks: Annotated[list[MarkBody], Field(min_length=1, max_length=MOST_MARKS)]


class CheckInBody(Body):
    """The code that the client shows, in upper or lower case."""

    code: Code


class RosterEntry(View):
    """A booking of the session, and who comes in place of its client, if another one does.

    `minutes_present`: how long a video room saw them; null where none did.
    """

    booking_id: UUID
    client_name: str | None
    attendee: AttendeeView | None
    attendance: Attendance | None
    checked_in_at: UtcTime | None
    minutes_present: int | None

    @classmethod
    def of(cls, booking: Booking, names: Mapping[UUID, str], now: datetime) -> Self:
        """The entry of that booking; `names` are those of clients."""
        return cls(
            booking_id=booking.id,
            client_name=names.get(booking.client_id),
            attendee=AttendeeView(**booking.attendee) if booking.attendee else None,
            attendance=booking.attendance_at(now),
            checked_in_at=booking.checked_in_at,
            minutes_present=None,
        )
