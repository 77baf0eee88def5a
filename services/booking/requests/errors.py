"""Why a request could not be accepted."""

from shared.errors import Conflict


class PaymentFailed(Conflict):
    """What was authorised for a request could not be charged, and the request is declined."""

    code = "payment_failed"
    detail = "The client's card could not be charged, so that the request is declined."
