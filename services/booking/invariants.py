"""What must always hold in schema `booking`: each query returns the rows that break it, so none.

Deadlines are business time, which is never behind the database's own, so a row that is late by the database's clock is
late.
"""

from services.booking.attendance import invariants as attendance
from services.booking.bookings import invariants as bookings
from services.booking.cancellations import invariants as cancellations
from services.booking.certificates import invariants as certificates
from services.booking.checkout import invariants as checkout
from services.booking.departures import invariants as departures
from services.booking.fees import invariants as fees
from services.booking.openings import invariants as openings
from services.booking.passes import invariants as passes
from services.booking.requests import invariants as requests
from services.booking.resources import invariants as resources
from services.booking.rooms import invariants as rooms
from services.booking.sessions import invariants as sessions
from services.booking.waitlist import invariants as waitlist

INVARIANTS: dict[str, str] = {
    **sessions.INVARIANTS,
    **resources.INVARIANTS,
    **bookings.INVARIANTS,
    **checkout.INVARIANTS,
    **passes.INVARIANTS,
    **requests.INVARIANTS,
    **cancellations.INVARIANTS,
    **departures.INVARIANTS,
    **rooms.INVARIANTS,
    **openings.INVARIANTS,
    **attendance.INVARIANTS,
    **fees.INVARIANTS,
    **certificates.INVARIANTS,
    **waitlist.INVARIANTS,
    "no event is parked": """
        select seq, type, key, error from booking.parked""",
}
