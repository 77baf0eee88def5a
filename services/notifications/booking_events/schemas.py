"""The data of the frames about bookings and sessions."""

from typing import Self
from uuid import UUID

from shared.events.booking import BookingEvent
from shared.internal.booking import ClientView, ShownBooking
from shared.web.http import UtcTime, View


class BookingFrame(ShownBooking):
    """A booking as `GET /bookings/{id}/` shows it; what a browser needs to pay is in no frame."""

    payment: None = None

    @classmethod
    def seen_by(cls, viewer_id: UUID, event: BookingEvent, client_name: str | None) -> Self:
        """The booking as the event left it, for that side of it."""
        booking = event.booking
        own = viewer_id == booking.client_id
        client = None if own else ClientView(id=booking.client_id, name=client_name)
        given = dict(booking) | {"order_id": booking.order_id if own else None, "client": client}
        given |= {"value": booking.value or booking.total, "parent_booking_id": booking.parent_id}
        moments = {name: getattr(event, name, None) for name in ("completed_at", "cancelled_at")}
        return cls(**given | moments)


class SessionFrame(View):
    """A session that does not take place; to a client with the booking that is cancelled with it."""

    session_id: UUID
    service_id: UUID
    service_title: str
    start_time: UtcTime
    end_time: UtcTime
    booking_id: UUID | None
