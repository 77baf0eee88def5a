"""What the directory refuses."""

from shared.errors import Conflict


class BookingNotConfirmed(Conflict):
    """A conversation is about a booking that was confirmed at some time."""

    code, detail = "booking_not_confirmed", "This booking is not confirmed."
