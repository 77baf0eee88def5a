"""The rules of orders: how far a status may move, and what a PaymentIntent's state means for its order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from services.payments.stripe.domain import IntentStatus
from shared.records.money import Money


class OrderKind(StrEnum):
    """What is being paid for. A tombstone is an order that was closed before it was opened: it never opens."""

    BOOKING = "booking"
    PASS = "pass"
    FEE = "fee"
    CREDITS = "credits"
    SUBSCRIPTION = "subscription"
    EVENT = "event"
    GIFT = "gift"
    POST = "post"
    COLLECTION = "collection"
    TOMBSTONE = "tombstone"

    @property
    def earns_at_payment(self) -> bool:
        """What the others sell is earned when their purchase is confirmed: late money may go back (rule 5)."""
        return self in EARNS_AT_PAYMENT


EARNS_AT_PAYMENT = frozenset(
    {OrderKind.FEE, OrderKind.SUBSCRIPTION, OrderKind.GIFT, OrderKind.POST, OrderKind.COLLECTION}
)


class Capture(StrEnum):
    """Whether a card is charged when it is confirmed, or only authorised until the order is captured."""

    AUTOMATIC = "automatic"
    MANUAL = "manual"


class ReleasedOn(StrEnum):
    """After what the hold period begins."""

    PAID = "paid"
    COMPLETED = "completed"


class Release(NamedTuple):
    """That percentage of a line's net amount is released on that."""

    percent: int
    on: ReleasedOn


@dataclass(frozen=True)
class LineTerms:
    """What one line sells, for `gross` minor units (below zero: credits); no practitioner: the platform does.

    `funded` is what the platform pays of its price beside that, from which the practitioner earns too.
    """

    id: UUID
    description: str
    gross: int
    practitioner_id: UUID | None = None
    booking_id: UUID | None = None
    pass_session_id: UUID | None = None
    subject_id: UUID | None = None
    releases: Sequence[Release] = ()
    funded: int = 0


class Sold(NamedTuple):
    """What a line sells, without its words. `id` is that of its booking, if it has one, else its own."""

    id: UUID
    practitioner_id: UUID | None
    pass_session_id: UUID | None
    subject_id: UUID | None
    gross: int
    funded: int
    releases: tuple[Release, ...]


class Saving(StrEnum):
    """How the card that pays an order is saved: with the payment, if the client asks for it or always; or before it.

    Before: the order may also be charged to a saved card while its client is away, which Stripe refuses on an intent
    that saves a card itself (docs/domain-rules.md MN-4).
    """

    ON_REQUEST = "on_request"
    ALWAYS = "always"
    BEFORE = "before"


@dataclass(frozen=True)
class Terms:
    """What an order is about, before anything has happened to it.

    `payment_method_id` is the saved card that is to pay it at once; with `by_membership` a session of the client's
    membership pays all of it.
    """

    kind: OrderKind
    client_id: UUID
    title: str
    currency: str
    lines: Sequence[LineTerms]
    expires_at: datetime
    capture: Capture = Capture.AUTOMATIC
    saving: Saving = Saving.ON_REQUEST
    payment_method_id: UUID | None = None
    by_membership: bool = False

    @property
    def names_customer(self) -> bool:
        """Whether Stripe has to know whose it is: a saved card may pay it, or the card that does is saved."""
        return self.payment_method_id is not None or self.saving is not Saving.ON_REQUEST

    @property
    def total(self) -> Money:
        """What the lines cost the client together."""
        return Money(sum(line.gross for line in self.lines), self.currency)

    @property
    def discount(self) -> int:
        """What the platform pays of the price, in minor units."""
        return sum(line.funded for line in self.lines)

    def common(self, name: str) -> UUID | None:
        """The id of that name on which all lines agree, or None."""
        found = {getattr(line, name) for line in self.lines}
        return found.pop() if len(found) == 1 else None

    @property
    def sold(self) -> list[Sold]:
        """What each line sells."""
        return [
            Sold(
                line.booking_id or line.id,
                line.practitioner_id,
                line.pass_session_id,
                line.subject_id,
                line.gross,
                line.funded,
                tuple(self.releases_of(line)),
            )
            for line in self.lines
        ]

    def releases_of(self, line: LineTerms) -> Sequence[Release]:
        """When the line's money is released, where nothing was agreed too."""
        on = ReleasedOn.PAID if self.kind.earns_at_payment else ReleasedOn.COMPLETED
        return line.releases or (Release(100, on),)


class OrderStatus(StrEnum):
    """`authorized`: a card is, for an order that is captured by hand.

    `paid_late`: the card's money came after the order was cancelled, the credits had gone back (rule 5). Refunds are
    amounts beside the order; a refunded order stays `paid`.
    """

    OPEN = "open"
    AUTHORIZED = "authorized"
    PAID = "paid"
    CANCELLED = "cancelled"
    PAID_LATE = "paid_late"


TIME_AT_BANK = timedelta(minutes=15)
"""How long a client who is asked by their bank is left alone there: banks' pages end after ten minutes at most."""


class Chargebacked(StrEnum):
    """How an order stands that a client's bank disputes, or has disputed."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Outcome(StrEnum):
    """How one try to pay ended, as its client sees it."""

    SUCCEEDED = "succeeded"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    FAILED = "failed"


def status_after(kind: OrderKind, status: OrderStatus, intent: IntentStatus) -> OrderStatus:
    """Where an order stands once its intent is known to be in that state; only ever forward (rule 7).

    Money for what was given up is late; credits that were bought are credits, however late.
    """
    if intent is IntentStatus.SUCCEEDED:
        if status is OrderStatus.CANCELLED and kind is not OrderKind.CREDITS:
            return OrderStatus.PAID_LATE
        return OrderStatus.PAID_LATE if status is OrderStatus.PAID_LATE else OrderStatus.PAID
    if intent is IntentStatus.REQUIRES_CAPTURE and status is OrderStatus.OPEN:
        return OrderStatus.AUTHORIZED
    if intent is IntentStatus.CANCELED and status in UNPAID:
        return OrderStatus.CANCELLED
    return status


def outcome_of(intent: IntentStatus) -> Outcome:
    """What to tell the client; a canceled intent never reaches this, its order is closed."""
    return OUTCOMES.get(intent, Outcome.FAILED)


UNPAID = (OrderStatus.OPEN, OrderStatus.AUTHORIZED)
"""Money may still come, and what credits pay is held."""
OUTCOMES = {
    IntentStatus.SUCCEEDED: Outcome.SUCCEEDED,
    IntentStatus.PROCESSING: Outcome.PROCESSING,
    IntentStatus.REQUIRES_CAPTURE: Outcome.PROCESSING,
    IntentStatus.REQUIRES_CONFIRMATION: Outcome.PROCESSING,
    IntentStatus.REQUIRES_ACTION: Outcome.REQUIRES_ACTION,
}

CONFIRMED = {OrderStatus.PAID: Outcome.SUCCEEDED, OrderStatus.AUTHORIZED: Outcome.PROCESSING}
"""What a try to pay an order that needs none any more is answered."""

TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.OPEN: frozenset({OrderStatus.AUTHORIZED, OrderStatus.PAID, OrderStatus.CANCELLED}),
    OrderStatus.AUTHORIZED: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset({OrderStatus.PAID_LATE, OrderStatus.PAID}),
    OrderStatus.PAID_LATE: frozenset({OrderStatus.PAID}),
    OrderStatus.PAID: frozenset(),
}
