"""Rules of polls."""

from datetime import datetime

MOST_OPTIONS = 20


def is_closed(closes_at: datetime | None, now: datetime) -> bool:
    """Whether a poll takes no more votes; without `closes_at` it always does."""
    return closes_at is not None and closes_at <= now
