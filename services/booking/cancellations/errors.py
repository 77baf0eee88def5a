"""What a refund by staff is refused with."""

from shared.errors import Conflict, Invalid


class PaymentDisputed(Conflict):
    """Payments refuses to refund what the client's bank disputes."""

    code, detail = "payment_disputed", "The client's bank disputes this payment. It cannot be refunded now."


class CancelCourse(Conflict):
    """A client gives up a course as a whole."""

    code, detail = "cancel_course", "A course is cancelled as a whole. Cancel the booking that this one is part of."


class MoreThanPaid(Invalid):
    """Payments refuses to give back more than what is left of the payment."""

    code, detail = "more_than_paid", "This is more than what is left of the payment."
