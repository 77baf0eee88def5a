"""The time in which a search wants a service to begin."""

from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST = timedelta(days=31)
AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Span:
    """From `first` until `until` (exclusive)."""

    first: datetime
    until: datetime

    @classmethod
    def of(cls, first: datetime | None, until: datetime | None, now: datetime) -> "Span":
        """From then until then: from now on, and for 31 days, where one of them is missing."""
        begin = first or now
        return cls(begin, until or min(begin + LONGEST, now + AHEAD))

    def fits(self, now: datetime) -> bool:
        """Whether it can be searched in: not over, not too far ahead, not too long."""
        return now < self.until <= now + AHEAD and timedelta(0) < self.until - self.first <= LONGEST
