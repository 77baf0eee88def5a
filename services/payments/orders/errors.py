"""Why an order cannot be paid."""

from shared.errors import AppError, Conflict


class OrderClosed(Conflict):
    """The order is expired or cancelled; nothing can be paid on it any more."""

    code, detail = "order_closed", "This order is closed and cannot be paid any more."


class IntentMismatch(AppError):
    """An intent says something that its order cannot mean: never applied, always a bug or a stranger's doing."""

    code = "intent_mismatch"
