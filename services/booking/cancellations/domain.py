"""What a cancellation gives back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.records.currencies import step
from shared.records.money import Money, split

HUNDRED_PERCENT = 100
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class CancelPolicy:
    """Everything back until `full_until` before the start, `part_percent` until `part_until`, then nothing."""

    full_until: timedelta
    part_until: timedelta
    part_percent: int

    @classmethod
    def of(cls, stored: Mapping[str, int]) -> "CancelPolicy":
        """The policy that `stored` gave."""
        return cls(stored["full_hours"] * HOUR, stored["part_hours"] * HOUR, stored["part_percent"])

    def stored(self) -> dict[str, int]:
        """As bookings keep it."""
        full, part = self.full_until // HOUR, self.part_until // HOUR
        return {"full_hours": full, "part_hours": part, "part_percent": self.part_percent}

    def percent(self, *, by_client: bool, start: datetime, now: datetime) -> int:
        """The share of the price that goes back; exactly on a limit counts as earlier. A seller's cancellation: all."""
        ahead = start - now
        if not by_client or ahead >= self.full_until:
            return HUNDRED_PERCENT
        return self.part_percent if ahead >= self.part_until else 0


def refund_due(total: Money, refunded: Money, percent: int) -> Money:
    """That share of the total, an odd step to the client; never more than what earlier refunds left."""
    share, _ = split(total.amount, [percent, HUNDRED_PERCENT - percent], step(total.currency))
    return Money(max(min(share, total.amount - refunded.amount), 0), total.currency)
