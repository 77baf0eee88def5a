"""Which text about a booking is true."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

ENDED = frozenset({"cancelled", "declined", "expired"})


@dataclass(frozen=True)
class BookingState:
    """The booking that a mail is about, as it is now."""

    id: UUID
    status: str
    start_time: datetime
    end_time: datetime
    start_version: int
    is_parent: bool


def is_true(template: str, start: datetime, booking: BookingState) -> bool:
    """Whether a text that was written for that start can still be sent.

    A confirmation is sent with the present start; other texts are about the one they were written for.
    """
    match template.partition("/")[0]:
        case "booking.confirmed":
            return booking.status not in ENDED
        case "booking.rescheduled":
            return booking.status not in ENDED and booking.start_time == start
        case "booking.requested":
            return booking.status == "requested"
        case "booking.reminder":
            return booking.status == "confirmed" and booking.start_time == start
        case "booking.expired" | "booking.refunded" | "booking.unanswered":
            return booking.status == "expired"
    return True


def practitioners_reminder(seats: int) -> str:
    """The template of a practitioner's reminder: it names the one client, or counts the clients of a session."""
    return "booking.reminder/practitioner" if seats <= 1 else "booking.reminder/session"
