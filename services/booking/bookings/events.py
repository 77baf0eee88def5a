"""A booking as it goes into events."""

from services.booking.bookings.models import Booking
from shared.events.booking import BookingSnapshot

PLAIN = BookingSnapshot.model_fields.keys()


def snapshot_of(booking: Booking) -> BookingSnapshot:
    """The booking as it stands in this transaction."""
    return BookingSnapshot(**{name: getattr(booking, name) for name in PLAIN})
