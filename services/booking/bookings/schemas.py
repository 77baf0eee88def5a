"""Bookings as clients read and write them."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.booking.bookings.domain import BookingStatus, Delivery, Party
from services.booking.bookings.models import Booking
from services.booking.checkout.saga import State
from shared.http import Body, LongText, UtcTime, View
from shared.money import Money

Notes = Annotated[LongText, Field(max_length=2000)]


class NotesBody(Body):
    """What the client can change."""

    notes: Notes | None


class RescheduleBody(Body):
    """Where to move a booking."""

    start_time: UtcTime


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


class BookingView(View):
    """A booking. `payment` and `order_id` are shown to its client only; `payment` while it is pending."""

    id: UUID
    status: BookingStatus
    service_id: UUID
    service_title: str
    practitioner_id: UUID
    client_id: UUID
    start_time: UtcTime
    end_time: UtcTime
    timezone: str
    delivery: Delivery
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

    @classmethod
    def seen_by(cls, viewer_id: UUID, booking: Booking) -> "BookingView":
        """The booking as that user may see it."""
        own = booking.client_id == viewer_id
        given = {name: getattr(booking, name) for name in cls.model_fields.keys() - {"payment", "order_id", "move"}}
        payment, order_id = (_payment(booking), booking.order_id) if own else (None, None)
        return cls(**given, move=_move(booking), payment=payment, order_id=order_id)


def _move(booking: Booking) -> MoveView | None:
    if booking.moved_by is None:
        return None
    terms = booking.terms
    return MoveView(by=booking.moved_by, agreed_start_time=terms.agreed_start, accepted=not terms.move_open)


def _payment(booking: Booking) -> PaymentView | None:
    checkout = booking.checkout
    if booking.status is not BookingStatus.PENDING_PAYMENT or checkout.state is not State.AWAITING:
        return None
    return PaymentView(
        order_id=booking.order_id,
        client_secret=checkout.client_secret,
        publishable_key=checkout.publishable_key,
        expires_at=booking.expires_at,
    )
