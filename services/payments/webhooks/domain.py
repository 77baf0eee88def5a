"""What to do with a webhook, and when to try again."""

from datetime import timedelta
from enum import StrEnum

LONGEST_PAUSE = timedelta(hours=1)


class EventState(StrEnum):
    """Unknown types are ignored; what failed stays pending and is tried again."""

    PENDING = "pending"
    DONE = "done"
    IGNORED = "ignored"


def pause_after(tries: int) -> timedelta:
    """How long to wait after that many failures: 1, 2, 4 ... seconds, at most an hour."""
    return min(timedelta(seconds=2 ** min(max(tries - 1, 0), 20)), LONGEST_PAUSE)
