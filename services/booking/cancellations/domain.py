"""What a cancellation gives back."""

from collections.abc import Iterable

from services.booking.bookings.domain import HUNDRED_PERCENT
from shared.records.currencies import step
from shared.records.money import Money, split


def refund_due(total: Money, refunded: Money, percent: int) -> Money:
    """That share of the total, an odd step to the client; never more than what earlier refunds left."""
    share, _ = split(total.amount, [percent, HUNDRED_PERCENT - percent], step(total.currency))
    return Money(max(min(share, total.amount - refunded.amount), 0), total.currency)


def total(amounts: Iterable[Money], currency: str) -> Money:
    """All of them together."""
    return Money(sum(each.amount for each in amounts), currency)
