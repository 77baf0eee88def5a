"""Why nothing is earned."""

from shared.errors import AppError


class NotPaid(AppError):
    """A purchase is said to be confirmed, and not all of its money is here: the event is tried again, then parked."""

    code = "not_paid"
