"""Why payments refuses: sentences with a stable code."""

from shared.errors import AppError, Conflict, Invalid, Unavailable


class OrderClosed(Conflict):
    """The order is expired or cancelled; nothing can be paid on it any more."""

    code = "order_closed"
    detail = "This order is closed and cannot be paid any more."


class InsufficientCredits(Invalid):
    """More credits were asked for than the balance or the price allows."""

    code = "insufficient_credits"
    detail = "There are not enough credits, or the price is lower than that."


class CreditsGone(Conflict):
    """The credits that had gone back to the client were spent elsewhere in the meantime (rule 5)."""

    code = "insufficient_credits"
    detail = "The credits of this order have been spent elsewhere."


class AmountTooSmall(Invalid):
    """What is left for the card is below the least amount that a card can be charged."""

    code = "amount_too_small"
    detail = "A card cannot be charged so little. Pay all of it with credits, or none of it."


class BadPaymentMethod(Invalid):
    """The provider does not know this payment method, or it cannot be used here."""

    code = "invalid_payment_method"
    detail = "This payment method cannot be used."


class BadSignature(AppError):
    """A webhook without a valid, recent signature by one of our secrets."""

    status, title, code, detail = 400, "Bad request", "bad_signature", "The signature of this call is not valid."


class BadEvent(AppError):
    """A webhook that is signed but is not an event."""

    status, title, code, detail = 400, "Bad request", "bad_event", "The body of this call is not an event."


class StripeUnavailable(Unavailable):
    """Stripe did not answer, or answered that it is unwell: whether it did what was asked is unknown."""

    code = "stripe_unavailable"
    detail = "The payment provider does not answer. Try again soon; nothing is charged twice."


class KeySpent(StripeUnavailable):
    """The outcome is unknown, and the key must not be sent again: Stripe would repeat its error, or act anew.

    `ended`: the request itself cannot take effect any more; `why` is for the record.
    """

    def __init__(self, why: str, *, ended: bool) -> None:
        """Keeps what the record of the call needs."""
        super().__init__()
        self.why, self.ended = why, ended


class StripeRefused(Conflict):
    """Stripe understood and refused. `reason` is Stripe's own code, `param` the field it names."""

    code = "stripe_refused"
    detail = "The payment provider refused this."

    def __init__(self, detail: str | None = None, *, reason: str = "", param: str = "") -> None:
        """Keeps Stripe's code and parameter for the caller to act on."""
        super().__init__(detail)
        self.reason = reason
        self.param = param


class IntentMismatch(AppError):
    """An intent says something that its order cannot mean: never applied, always a bug or a stranger's doing."""

    code = "intent_mismatch"
