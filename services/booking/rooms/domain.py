"""When a room can be joined."""

from datetime import datetime, timedelta


def is_open(start: datetime, end: datetime, now: datetime, lead: timedelta) -> bool:
    """From `lead` before the start (that moment included) until the end."""
    return start - lead <= now < end
