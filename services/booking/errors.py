"""What booking refuses, as sentences with a stable code."""

from typing import Any

from shared.errors import Conflict, Invalid
from shared.records.money import Money


class SlotTaken(Conflict):
    """Somebody has the slot, or the session is full."""

    code, detail = "slot_taken", "This slot is taken."


class StartNotOffered(Invalid):
    """Off the grid, outside hours, notice or horizon; the code of the field error says which."""

    code, detail = "start_not_offered", "This service does not offer that start."


class OwnService(Invalid):
    """Practitioners do not book themselves."""

    code, detail = "own_service", "You cannot book your own service."


class InsufficientCredits(Invalid):
    """More credits than the price; payments says the same of more than the balance."""

    code, detail = "insufficient_credits", "That is more credits than can be used here."


class PriceChanged(Conflict):
    """The client expected another price; the problem tells the present one."""

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


class HoldExpired(Conflict):
    """The hold ran out before the order was open."""

    code, detail = "hold_expired", "The hold on this slot has run out. Book it again."


class AlreadyStarted(Conflict):
    """Too late to cancel."""

    code, detail = "already_started", "The session has started."


class TooLateToMove(Conflict):
    """Too late to reschedule."""

    code, detail = "too_late_to_reschedule", "It is too late to move this booking."


class NotEnded(Conflict):
    """A session is completed, or missed, only after its end."""

    code, detail = "not_ended", "The session has not ended yet."


class RoomNotOpen(Conflict):
    """Too early, too late, or not a booking that takes place."""

    code, detail = "room_not_open", "The room is open from shortly before the start until the end."


class NoRoom(Conflict):
    """The session takes place in person."""

    code, detail = "no_room", "This session takes place in person."


class OrderClosed(Conflict):
    """Payments refuses an order that was closed before it was opened."""

    code, detail = "order_closed", "This order is closed."


class NothingToRefund(Conflict):
    """All that was paid is back already."""

    code, detail = "nothing_to_refund", "There is nothing left to refund."


class PaymentDisputed(Conflict):
    """Payments refuses to refund what the client's bank disputes."""

    code, detail = "payment_disputed", "The client's bank disputes this payment. It cannot be refunded now."


class TooManySlots(Invalid):
    """An answer has at most 2,000 starts; the message names the latest `to`."""

    code, detail = "too_many_slots", "There are too many starts in this range."


class BadRange(Invalid):
    """The two dates of an availability question do not fit."""

    code, detail = "bad_range", "Ask for at least one and at most 31 days."
