"""When it can be said who came."""

from datetime import datetime, timedelta

BEFORE = timedelta(minutes=15)
AFTER = timedelta(days=7)


def may_mark(start: datetime, end: datetime, now: datetime) -> bool:
    """From 15 minutes before the start until 7 days after the end; exactly then still."""
    return start - BEFORE <= now <= end + AFTER


def may_check_in(start: datetime, end: datetime, now: datetime) -> bool:
    """From 15 minutes before the start until the end; exactly then still."""
    return start - BEFORE <= now <= end
