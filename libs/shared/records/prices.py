"""What is refused where something costs another amount than was expected."""

from typing import Any

from shared.errors import Conflict
from shared.records.money import Money


class PriceChanged(Conflict):
    """The client expected another price; the problem has the present one."""

    code, detail = "price_changed", "The price has changed."

    def __init__(self, price: Money) -> None:
        """With what it costs now."""
        super().__init__()
        self.price = price

    def problem(self, trace_id: str | None = None) -> dict[str, Any]:
        """With `price`."""
        return super().problem(trace_id) | {"price": {"amount": self.price.amount, "currency": self.price.currency}}
