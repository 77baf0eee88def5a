"""What a checkout refuses, or payments for it."""

from services.booking.holds.errors import InsufficientCredits
from shared.errors import Conflict, Forbidden, Invalid, Unavailable


class HoldExpired(Conflict):
    """The hold ran out before the order was open."""

    code, detail = "hold_expired", "The hold on this slot has run out. Book it again."


class OrderClosed(Conflict):
    """Payments refuses an order that was closed before it was opened."""

    code, detail = "order_closed", "This order is closed."


class OrderChanged(Conflict):
    """Payments refuses an order whose id is known with another client or other lines."""

    code, detail = "order_changed", "This order is known already, and sells something else."


class NothingToRefund(Conflict):
    """All that was paid is back already."""

    code, detail = "nothing_to_refund", "There is nothing left to refund."


class AmountTooSmall(Invalid):
    """Payments refuses what is too little for a card, after credits."""

    code = "amount_too_small"
    detail = "A card cannot be charged so little. Pay all of it with credits, or none of it."


class StripeRefused(Conflict):
    """Payments passes on that Stripe refuses the payment."""

    code, detail = "stripe_refused", "The payment provider refused this."


class StripeUnavailable(Unavailable):
    """Payments passes on that Stripe does not answer."""

    code, detail = (
        "stripe_unavailable",
        "The payment provider does not answer. Try again soon; nothing is charged twice.",
    )


class SubscriptionRequired(Forbidden):
    """Payments knows of no membership of the client's that gives access now."""

    code, detail = "subscription_required", "You need a membership for this."


class NotCovered(Invalid):
    """Payments refuses a price that the client's membership does not pay."""

    code, detail = "not_covered", "Your membership does not pay seats of this price."


class NoSessionsLeft(Conflict):
    """Payments has no session of the membership left for the present period."""

    code, detail = "no_sessions_left", "No sessions of your membership are left in this period."


ORDER_REFUSALS = (
    InsufficientCredits,
    OrderClosed,
    OrderChanged,
    AmountTooSmall,
    SubscriptionRequired,
    NotCovered,
    NoSessionsLeft,
    StripeRefused,
    StripeUnavailable,
)
"""With what payments refuses to open an order; the client has the refusal as it came."""
