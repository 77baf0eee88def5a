"""Why a refund of a disputed payment is refused."""

from shared.errors import Conflict


class PaymentDisputed(Conflict):
    """The client's bank has taken the money back, or is about to: a refund would return it twice."""

    code = "payment_disputed"
    detail = "The client's bank disputes this payment. It cannot be refunded now."
