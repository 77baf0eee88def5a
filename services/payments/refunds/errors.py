"""Why a refund is refused."""

from shared.errors import Conflict, Invalid


class NothingToRefund(Conflict):
    """Nothing was paid, or all of it is back already."""

    code, detail = "nothing_to_refund", "There is nothing left to refund."


class MoreThanPaid(Invalid):
    """The amount is higher than what is left of the payment."""

    code, detail = "more_than_paid", "This is more than what is left of the payment."


class PaymentDisputed(Conflict):
    """The client's bank has taken the money back, or is about to: a refund would return it twice."""

    code, detail = "payment_disputed", "The client's bank disputes this payment. It cannot be refunded now."
