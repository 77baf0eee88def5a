"""What Stripe's answers mean where they are none: not known, refused, or a payment method that is no good."""

from shared.errors import Conflict, Invalid, Unavailable


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
    """Stripe understood and refused. `reason` is Stripe's own code, `param` the field it names.

    `repeated`: it is what Stripe answered before to that key, which it goes on doing for a day.
    """

    code, detail = "stripe_refused", "The payment provider refused this."

    def __init__(self, detail: str | None = None, *, reason: str = "", param: str = "") -> None:
        """Keeps Stripe's code and parameter for the caller to act on."""
        super().__init__(detail)
        self.reason = reason
        self.param = param
        self.repeated = False


class BadPaymentMethod(Invalid):
    """The provider does not know this payment method, or it cannot be used here."""

    code, detail = "invalid_payment_method", "This payment method cannot be used."


STRIPE_ERRORS = (StripeRefused, StripeUnavailable)
"""What a request ends with that asks Stripe for something and passes its word on."""
