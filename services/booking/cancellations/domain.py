"""What a cancellation gives back."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.money import Money, split

WHOLE = 100


@dataclass(frozen=True)
class CancelPolicy:
    """Everything back until `full_until` before the start, `part_percent` until `part_until`, then nothing."""

    full_until: timedelta
    part_until: timedelta
    part_percent: int

    def percent(self, *, by_client: bool, start: datetime, now: datetime) -> int:
        """The share of the price that goes back; exactly on a limit counts as earlier. A seller's cancellation: all."""
        ahead = start - now
        if not by_client or ahead >= self.full_until:
            return WHOLE
        return self.part_percent if ahead >= self.part_until else 0


def refund_due(total: Money, refunded: Money, percent: int) -> Money:
    """That share of the total, an odd unit to the client; never more than what earlier refunds left."""
    share, _ = split(total.amount, [percent, WHOLE - percent])
    return Money(max(min(share, total.amount - refunded.amount), 0), total.currency)
