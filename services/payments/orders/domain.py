"""The rules of orders: how far a status may move, and what a PaymentIntent's state means for its order."""

from enum import StrEnum

from services.payments.stripe.domain import IntentStatus


class OrderKind(StrEnum):
    """What is being paid for. A tombstone is an order that was closed before it was opened: it never opens."""

    BOOKING = "booking"
    CREDITS = "credits"
    TOMBSTONE = "tombstone"


class OrderStatus(StrEnum):
    """`paid_late`: the card's money came after the order was cancelled, the credits had gone back (rule 5).

    Refunds are amounts beside the order; a refunded order stays `paid`.
    """

    OPEN = "open"
    PAID = "paid"
    CANCELLED = "cancelled"
    PAID_LATE = "paid_late"


class Outcome(StrEnum):
    """How one try to pay ended, as its client sees it."""

    SUCCEEDED = "succeeded"
    PROCESSING = "processing"
    REQUIRES_ACTION = "requires_action"
    FAILED = "failed"


def status_after(kind: OrderKind, status: OrderStatus, intent: IntentStatus) -> OrderStatus:
    """Where an order stands once its intent is known to be in that state; only ever forward (rule 7).

    Money for a booking that was given up is late; credits that were bought are credits, however late.
    """
    if intent is IntentStatus.SUCCEEDED:
        if status is OrderStatus.CANCELLED and kind is OrderKind.BOOKING:
            return OrderStatus.PAID_LATE
        return OrderStatus.PAID_LATE if status is OrderStatus.PAID_LATE else OrderStatus.PAID
    if intent is IntentStatus.CANCELED and status is OrderStatus.OPEN:
        return OrderStatus.CANCELLED
    return status


def outcome_of(intent: IntentStatus) -> Outcome:
    """What to tell the client; a canceled intent never reaches this, its order is closed."""
    return OUTCOMES.get(intent, Outcome.FAILED)


OUTCOMES = {
    IntentStatus.SUCCEEDED: Outcome.SUCCEEDED,
    IntentStatus.PROCESSING: Outcome.PROCESSING,
    IntentStatus.REQUIRES_CAPTURE: Outcome.PROCESSING,
    IntentStatus.REQUIRES_CONFIRMATION: Outcome.PROCESSING,
    IntentStatus.REQUIRES_ACTION: Outcome.REQUIRES_ACTION,
}

TRANSITIONS: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.OPEN: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED}),
    OrderStatus.CANCELLED: frozenset({OrderStatus.PAID_LATE, OrderStatus.PAID}),
    OrderStatus.PAID_LATE: frozenset({OrderStatus.PAID}),
    OrderStatus.PAID: frozenset(),
}
