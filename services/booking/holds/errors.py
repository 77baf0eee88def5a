"""Why a seat cannot be held."""

from typing import Any

from shared.errors import Conflict, Invalid
from shared.records.money import Money


class OwnService(Invalid):
    """Practitioners do not book themselves."""

    code, detail = "own_service", "You cannot book your own service."


class NotCombinable(Invalid):
    """A membership pays a seat alone."""

    code, field = "not_combinable", "use_membership"
    detail = "A membership pays all of a seat. Book with it, or with credits or a card."


class PriceChanged(Conflict):
    """The client expected another price; the problem has the present one."""

    code, detail = "price_changed", "The price of this service has changed."

    def __init__(self, price: Money) -> None:
        """With what one seat costs now."""
        super().__init__()
        self.price = price

    def problem(self, trace_id: str | None = None) -> dict[str, Any]:
        """With `price`."""
        return super().problem(trace_id) | {"price": {"amount": self.price.amount, "currency": self.price.currency}}


class TooManyHolds(Conflict):
    """One client may not take a calendar with bookings that cost nothing (yet)."""

    code, detail = "too_many_holds", "You have too many unpaid or free bookings. Pay, cancel or attend some first."
