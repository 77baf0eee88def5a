"""Why an order cannot be paid."""

from shared.errors import AppError, Conflict, Invalid


class OrderClosed(Conflict):
    """The order is expired or cancelled; nothing can be paid on it any more."""

    code, detail = "order_closed", "This order is closed and cannot be paid any more."


class OrderChanged(Conflict):
    """The id is that of another client's order, or of one that sells something else."""

    code, detail = "order_changed", "This order is known already, and sells something else."


class NotAuthorized(Conflict):
    """Nothing is authorised that could be captured: no card yet, or the order is closed."""

    code, detail = "not_authorized", "No payment of this order is authorised."


class IntentMismatch(AppError):
    """An intent says something that its order cannot mean: never applied, always a bug or a stranger's doing."""

    code = "intent_mismatch"


class UnknownLine(Invalid):
    """There is no such line, or it is another order's."""

    code, detail = "unknown_line", "The order has no such line."
