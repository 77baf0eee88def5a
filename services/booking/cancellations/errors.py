"""What a refund by staff is refused with."""

from shared.errors import Conflict


class PaymentDisputed(Conflict):
    """Payments refuses to refund what the client's bank disputes."""

    code, detail = "payment_disputed", "The client's bank disputes this payment. It cannot be refunded now."
