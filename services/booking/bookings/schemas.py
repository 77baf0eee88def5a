"""Bookings as clients read and write them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field

from services.booking.bookings.domain import BookingKind, BookingStatus, Chargeback, Delivery
from services.booking.bookings.models import Booking
from services.booking.fee_terms.domain import FeeStatus
from services.booking.fee_terms.models import Fee
from shared.auth.scopes import PAYS
from shared.auth.verification import Caller
from shared.internal.booking import ClientView, MoveView, PaymentView, ShownBooking
from shared.internal.payments import CardPayment
from shared.records.money import Money
from shared.web.http import Body, LongText, UtcTime, View

Notes = Annotated[LongText, Field(max_length=2000)]


class NotesBody(Body):
    """What the client can change."""

    notes: Notes | None


class PolicyView(View):
    """All of the price goes back until `full_hours` before the start, `part_percent` of it until `part_hours`."""

    full_hours: int
    part_hours: int
    part_percent: int


class AttendeeView(View):
    """Who comes in place of the client who booked."""

    name: str
    email: str | None


class ChildView(View):
    """One session of a booking of several."""

    id: UUID
    session_id: UUID | None
    start_time: UtcTime
    end_time: UtcTime
    status: BookingStatus
    attendance: str | None
    attendee: AttendeeView | None


class FeeView(View):
    """What a missed or late cancelled seat without price costs; it is charged 24 hours after it fell due."""

    amount: Money
    status: Literal["due", "paid", "failed", "waived"]

    @classmethod
    def of(cls, fee: Fee | None) -> "FeeView | None":
        """While it is being charged it is due."""
        if fee is None:
            return None
        return cls(amount=fee.amount, status="due" if fee.status is FeeStatus.CHARGING else fee.status.value)


class BookingView(ShownBooking):
    """A booking. `payment` and `order_id` are shown to its client only; `payment` while it is pending, its
    `client_secret` to tokens with `payments.write` alone. `value` is the price of the seat, whoever pays it.

    `client` is shown to everybody else who may see it, `check_in_code` to the client alone: whoever shows it is there.
    `children` are those of a parent, in order of time.
    """

    kind: BookingKind
    children: list[ChildView]
    attendee: AttendeeView | None
    status: BookingStatus
    delivery: Delivery
    chargeback: Chargeback | None
    policy: PolicyView
    check_in_code: str | None
    fee: FeeView | None

    @classmethod
    def seen_by(
        cls,
        caller: Caller,
        booking: Booking,
        now: datetime,
        names: Mapping[UUID, str] | None = None,
        children: Sequence[Booking] = (),
        fee: Fee | None = None,
    ) -> "BookingView":
        """The booking as the caller may see it. `names` are those of clients, needed for whoever is not the client;
        `children` those of a parent, `fee` one that is or was due."""
        mine = booking.client_id == caller.user_id
        client = ClientView(id=booking.client_id, name=(names or {}).get(booking.client_id))
        return cls.showing(
            booking,
            parent_booking_id=booking.parent_id,
            children=[ChildView.showing(child, attendance=child.attendance_at(now)) for child in children],
            move=_move(booking),
            client=None if mine else client,
            payment=_payment(booking, caller) if mine else None,
            order_id=booking.order_id if mine else None,
            check_in_code=booking.check_in_code if mine and not booking.is_parent else None,
            attendance=booking.attendance_at(now),
            fee=FeeView.of(fee),
        )

    def after(self, tried: CardPayment | None) -> Self:
        """The same with how the try to pay it with a saved card ended, while it is pending."""
        if tried is None or self.payment is None:
            return self
        ended = {name: getattr(tried, name) for name in CardPayment.model_fields}
        return self.model_copy(update={"payment": self.payment.model_copy(update=ended)})


def _move(booking: Booking) -> MoveView | None:
    if booking.moved_by is None:
        return None
    terms = booking.terms
    return MoveView(by=booking.moved_by.value, agreed_start_time=terms.agreed_start, accepted=not terms.move_open)


def _payment(booking: Booking, caller: Caller) -> PaymentView | None:
    """With the client secret for who may pay: with it anybody pays, so that reading bookings is not enough."""
    if booking.status is not BookingStatus.PENDING_PAYMENT or booking.client_secret is None:
        return None
    return PaymentView(
        order_id=booking.order_id,
        client_secret=booking.client_secret if caller.has_scope(PAYS) else None,
        publishable_key=booking.publishable_key,
        expires_at=booking.expires_at,
    )
