"""What a client sends to book."""

from typing import Literal
from uuid import UUID

from pydantic import StrictBool

from services.booking.bookings.schemas import Notes
from shared.records.money import Price
from shared.web.http import Body, UtcTime

CreditsAsked = Literal["max"] | Price | None
"""How many credits pay: as many as possible, that many, or none."""


class BookBody(Body):
    """One seat of a service at a start. `credits`: as many as possible ("max"), that many, or none.

    With `expected_price` nothing is booked at another price. `payment_method_id` is a saved card that pays what is due
    at once. With `use_membership` a session of the client's membership pays the seat.
    """

    service_id: UUID
    start_time: UtcTime
    credits: CreditsAsked = None
    notes: Notes | None = None
    expected_price: Price | None = None
    payment_method_id: UUID | None = None
    use_membership: StrictBool | None = None
