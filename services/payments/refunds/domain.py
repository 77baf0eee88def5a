"""How a refund is divided over what the client had paid with (rules 9 and 18)."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from shared.concurrency.back_off import BackOff
from shared.records.money import split

FAILED = ("failed", "canceled")
"""How Stripe names a refund whose money did not arrive."""

MADE_AT_STRIPE = "stripe"
"""Who made a refund that did not begin here."""

BACK_OFF = BackOff(1.0, 600.0)
"""Between two requests to Stripe, or two looks at what became of one."""

REFUSED_AT_MOST = timedelta(days=1)
"""How long Stripe may refuse a refund before it has failed (business time)."""


class RefundStatus(StrEnum):
    """`pending`: booked here, and not yet confirmed by Stripe. Refunds in credits alone succeed at once.

    `failed`: Stripe said so, also after it had succeeded, or refused to make it for a day; the client is owed the
    card's part, and nothing is sent again by itself.
    """

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


TRANSITIONS: dict[RefundStatus, frozenset[RefundStatus]] = {
    RefundStatus.PENDING: frozenset({RefundStatus.SUCCEEDED, RefundStatus.FAILED}),
    RefundStatus.SUCCEEDED: frozenset({RefundStatus.FAILED}),
    RefundStatus.FAILED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Tenders:
    """Amounts by the way of paying, in minor units of the order's currency."""

    card: int
    credits: int

    @property
    def total(self) -> int:
        """Both together."""
        return self.card + self.credits

    def __sub__(self, other: "Tenders") -> "Tenders":
        return Tenders(self.card - other.card, self.credits - other.credits)

    def __add__(self, other: "Tenders") -> "Tenders":
        return Tenders(self.card + other.card, self.credits + other.credits)


NOTHING = Tenders(0, 0)


def refund_of(paid: Tenders, refunded: Tenders, amount: int, unit: int = 1) -> Tenders:
    """The parts of a refund of `amount`, at most what is left: in the ratio of the tenders, cumulatively.

    All refunds together are what one refund of their sum would be, so the last one ends both tenders exactly; no
    tender gives more than it still holds. Where all amounts are multiples of `unit`, so are the parts.
    """
    left = paid - refunded
    amount = min(amount, left.total)
    wanted = split(refunded.total + amount, [paid.card, paid.credits], unit)[0] - refunded.card
    card = max(amount - left.credits, min(wanted, left.card, amount), 0)
    return Tenders(card, amount - card)
