"""Bookings as clients read and write them."""

from collections.abc import Mapping
from typing import Annotated
from uuid import UUID

from pydantic import Field

from services.booking.bookings.domain import BookingStatus, Delivery
from services.booking.bookings.models import Booking
from shared.internal.booking import ClientView, MoveView, PaymentView, ShownBooking
from shared.web.http import Body, LongText

Notes = Annotated[LongText, Field(max_length=2000)]


class NotesBody(Body):
    """What the client can change."""

    notes: Notes | None


class BookingView(ShownBooking):
    """A booking. `payment` and `order_id` are shown to its client only; `payment` while it is pending.

    `client` is shown to everybody else who may see it.
    """

    status: BookingStatus
    delivery: Delivery

    @classmethod
    def seen_by(cls, viewer_id: UUID, booking: Booking, names: Mapping[UUID, str] | None = None) -> "BookingView":
        """The booking as that user may see it. `names` are those of clients, needed for whoever is not the client."""
        move = _move(booking)
        if booking.client_id == viewer_id:
            return cls.showing(booking, client=None, move=move, payment=_payment(booking))
        client = ClientView(id=booking.client_id, name=(names or {}).get(booking.client_id))
        return cls.showing(booking, client=client, move=move, payment=None, order_id=None)


def _move(booking: Booking) -> MoveView | None:
    if booking.moved_by is None:
        return None
    terms = booking.terms
    return MoveView(by=booking.moved_by.value, agreed_start_time=terms.agreed_start, accepted=not terms.move_open)


def _payment(booking: Booking) -> PaymentView | None:
    if booking.status is not BookingStatus.PENDING_PAYMENT or booking.client_secret is None:
        return None
    return PaymentView.model_validate(booking)
