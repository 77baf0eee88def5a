"""The data of the frames about bookings."""

from typing import Self
from uuid import UUID

from shared.events.booking import BookingEvent
from shared.internal.booking import ClientView, ShownBooking


class BookingView(ShownBooking):
    """A booking as `GET /bookings/{id}/` shows it: the data of the booking frames.

    `order_id` is shown to its client only, `client` to the practitioner; `payment` to nobody.
    """

    @classmethod
    def seen_by(cls, viewer_id: UUID, event: BookingEvent, client_name: str | None) -> Self:
        """The booking as the event left it, for that side of it."""
        booking = event.booking
        own = viewer_id == booking.client_id
        client = None if own else ClientView(id=booking.client_id, name=client_name)
        given = dict(booking) | {"order_id": booking.order_id if own else None, "client": client}
        moments = {name: getattr(event, name, None) for name in ("completed_at", "cancelled_at")}
        return cls(**given | moments, payment=None)
