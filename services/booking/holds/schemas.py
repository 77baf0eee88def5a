"""What a client sends to book."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field, Strict, StrictBool

from services.booking.bookings.schemas import Notes
from shared.records.money import Price
from shared.web.emails import Email
from shared.web.http import Body, Text, UtcTime


class Attendee(Body):
    """Who comes in place of the client."""

    name: Annotated[Text, Field(min_length=1, max_length=200)]
    email: Email | None = None


class Repeat(Body):
    """A seat every so many weeks at the same local time, `count` in all. Where one is not to be had nothing is booked,
    or with `skip` that one is left out, as long as two remain. All are paid at once."""

    every_weeks: Annotated[int, Strict(), Field(ge=1, le=4)]
    count: Annotated[int, Strict(), Field(ge=2, le=26)]
    on_conflict: Literal["refuse", "skip"] = "refuse"


CreditsAsked = Literal["max"] | Price | None
"""How many credits pay: as many as possible, that many, or none."""


class BookBody(Body):
    """A seat of a service at a start, one for each of the `attendees`, or one again and again with `repeat`; of a
    course, which has no start of its own, a seat in each session that is left.

    `credits`: as many as possible ("max"), that many, or none. With `expected_price` nothing is booked at another
    price, which is that of all seats. `payment_method_id` is a saved card that pays what is due at once. With
    `use_membership` a session of the client's membership pays the seat, with `pass_id` sessions of that pass the seats.
    """

    service_id: UUID
    start_time: UtcTime | None = None
    location_id: UUID | None = None
    attendees: Annotated[list[Attendee], Field(min_length=1, max_length=10)] | None = None
    repeat: Repeat | None = None
    credits: CreditsAsked = None
    notes: Notes | None = None
    expected_price: Price | None = None
    payment_method_id: UUID | None = None
    use_membership: StrictBool | None = None
    pass_id: UUID | None = None
