"""What a checkout refuses, or payments for it."""

from shared.errors import Conflict, Invalid


class InsufficientCredits(Invalid):
    """More credits than the price; payments says the same of more than the balance."""

    code, detail = "insufficient_credits", "That is more credits than can be used here."


class HoldExpired(Conflict):
    """The hold ran out before the order was open."""

    code, detail = "hold_expired", "The hold on this slot has run out. Book it again."


class OrderClosed(Conflict):
    """Payments refuses an order that was closed before it was opened."""

    code, detail = "order_closed", "This order is closed."


class NothingToRefund(Conflict):
    """All that was paid is back already."""

    code, detail = "nothing_to_refund", "There is nothing left to refund."
