"""What a service says about its sessions, and what a session's video room is called."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID


@dataclass(frozen=True)
class SlotRules:
    """What a service says about its slots. Durations are elapsed time; `capacity` is seats per slot."""

    duration: timedelta
    interval: timedelta
    notice: timedelta
    horizon_days: int
    buffer_before: timedelta
    buffer_after: timedelta
    capacity: int


def room_name(session_id: UUID, booking_id: UUID | None) -> str:
    """The name of a new session's room: after the only booking of a one-to-one session, else after the session.

    A session keeps the name for as long as it is booked, whatever the service's number of seats becomes: a client who
    has joined would otherwise be in another room than the next.
    """
    return f"session-{session_id}" if booking_id is None else room_of_booking(booking_id)


def room_of_booking(booking_id: UUID) -> str:
    """The room that a one-to-one booking takes along when it is moved."""
    return f"booking-{booking_id}"
