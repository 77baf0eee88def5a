"""What booking answers to the other services, and how a booking is shown to people, by itself and by notifications."""

from uuid import UUID

from shared.events.booking import BookingSnapshot, Party
from shared.peers import Endpoint
from shared.records.money import Money
from shared.web.http import UtcTime, View


class PaymentView(View):
    """What a browser needs to pay; after `expires_at` the slot is free again."""

    order_id: UUID | None
    client_secret: str | None
    publishable_key: str | None
    expires_at: UtcTime


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
    """A booking as people see it: booking's answers, and the data of the frames that notifications sends."""

    id: UUID
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
    move: MoveView | None
    total: Money
    credits_applied: Money
    amount_due: Money
    payment: PaymentView | None
    order_id: UUID | None
    notes: str | None
    created_at: UtcTime
    completed_at: UtcTime | None
    cancelled_at: UtcTime | None


BOOKING = Endpoint("booking", "GET", "/internal/bookings/{booking_id}/", BookingSnapshot)
"""A booking as it goes into events; NotFound where there is none."""
