"""When a room can be joined, and what it is called."""

from datetime import datetime, timedelta
from uuid import UUID


def room_name(booking_id: UUID, session_id: UUID, capacity: int) -> str:
    """A one-to-one room is named after its booking; the guests of a group session share one."""
    return f"session-{session_id}" if capacity > 1 else f"booking-{booking_id}"


def is_open(start: datetime, end: datetime, now: datetime, lead: timedelta) -> bool:
    """From `lead` before the start (that moment included) until the end."""
    return start - lead <= now < end
