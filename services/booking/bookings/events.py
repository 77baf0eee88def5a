"""A booking as it goes into events."""

from services.booking.bookings.models import Booking
from shared.events.booking import BookingMove, BookingSnapshot

PLAIN = BookingSnapshot.model_fields.keys() - {"move", "kind"}


def snapshot_of(booking: Booking) -> BookingSnapshot:
    """The booking as it stands in this transaction."""
    plain = {name: getattr(booking, name) for name in PLAIN}
    return BookingSnapshot(**plain, kind=booking.kind.value, move=_move(booking))


def _move(booking: Booking) -> BookingMove | None:
    if booking.moved_by is None:
        return None
    terms = booking.terms
    return BookingMove(by=booking.moved_by.value, agreed_start_time=terms.agreed_start, accepted=not terms.move_open)
