"""What booking answers to the other services, and how a booking is shown: by booking, and in notifications' frames."""

from typing import Literal
from uuid import UUID

from shared.events.booking import Attendance, BookingSnapshot, Party
from shared.internal.payments import CardError
from shared.peers import Endpoint
from shared.records.money import Money
from shared.web.http import UtcTime, View


class InternalBooking(BookingSnapshot):
    """A booking as it goes into events, and whether it was confirmed at some time: a hold that was given up was not."""

    was_confirmed: bool = True


BOOKING = Endpoint("booking", "GET", "/internal/bookings/{booking_id}/", InternalBooking)
"""The booking as it is now; NotFound where there is none."""


class UsableResources(View):
    """The ids of the resources that a practitioner's services may need: their own and those shared with them."""

    ids: list[UUID]


USABLE_RESOURCES = Endpoint("booking", "GET", "/internal/practitioners/{practitioner_id}/resources/", UsableResources)
"""None where there is no such practitioner."""


class LocationIds(View):
    """The ids of some of a practitioner's locations."""

    ids: list[UUID]


LOCATIONS_IN_USE = Endpoint(
    "booking", "GET", "/internal/practitioners/{practitioner_id}/locations-in-use/", LocationIds
)
"""Those that hours, resources or coming sessions name."""
LOCATIONS_OF_CLIENT = Endpoint(
    "booking", "GET", "/internal/practitioners/{practitioner_id}/locations-of-client/", LocationIds
)
"""With `client_id` in the query: those in which that client has a booking which is confirmed, or goes on."""


class PaymentView(View):
    """What a browser needs to pay; after `expires_at` the slot is free again.

    `status`, `error` and `next_action_url`: how the try with the saved card ended with which it was booked. They are
    in the answer to that call alone.
    """

    order_id: UUID | None
    client_secret: str | None
    publishable_key: str | None
    expires_at: UtcTime
    status: Literal["processing", "requires_action", "failed"] | None = None
    error: CardError | None = None
    next_action_url: str | None = None


class MoveView(View):
    """Who moved the booking last, what start the client last agreed to, and whether that is the present one."""

    by: Party
    agreed_start_time: UtcTime
    accepted: bool


class ClientView(View):
    """Who comes; the name is null where it is not known, or the account is gone."""

    id: UUID
    name: str | None


class ShownBooking(View):
    """A booking. `payment` and `order_id` are shown to its client only; `payment` while it is pending.

    `value` is the price of the seat, whoever pays it; `total` is what it costs the client, nothing where their
    membership or a pass pays. `client` is shown to everybody else who may see it. `attendance` says whether the client
    came: null before the end unless the practitioner has said so, after it `unrecorded` while nobody did. What is no
    `single` is
    the parent of several seats, which has none and their money and times together, or one of them, with
    `parent_booking_id`. `decide_by` is until when the practitioner accepts or declines a request, or that the client's
    booking moves to `requested_start_time`.
    """

    id: UUID
    kind: str
    parent_booking_id: UUID | None
    status: str
    service_id: UUID
    service_title: str
    practitioner_id: UUID
    client_id: UUID
    client: ClientView | None
    start_time: UtcTime
    end_time: UtcTime
    timezone: str
    delivery: str
    session_id: UUID | None
    location_id: UUID | None
    decide_by: UtcTime | None
    requested_start_time: UtcTime | None
    move: MoveView | None
    total: Money
    value: Money
    credits_applied: Money
    amount_due: Money
    payment: PaymentView | None
    order_id: UUID | None
    pass_id: UUID | None
    notes: str | None
    created_at: UtcTime
    attendance: Attendance | None
    completed_at: UtcTime | None
    cancelled_at: UtcTime | None
