"""What is booked when its practitioner accepts: nothing is held until then (BK-4)."""

from datetime import datetime, timedelta

from services.booking.bookings.domain import BookingKind, RequestPayment, decide_until
from services.booking.bookings.models import Booking
from services.booking.calendars.announced import seat_at
from services.booking.calendars.repository import ServiceWithHours
from services.booking.calendars.service import is_open
from services.booking.holds.errors import NotCombinable
from services.booking.holds.plans import Plan
from services.booking.service_copies.models import BookableService
from services.booking.sessions.errors import SlotTaken
from shared.database.session import Session

REQUEST = "request"
"""How services are booked whose practitioner accepts or declines."""


async def ask_for(session: Session, bookable: ServiceWithHours, booking: Booking, plan: Plan) -> Booking:
    """Makes the new booking a request for a time that could be booked now.

    Raises SlotTaken, and NotCombinable for several seats: a request is for one.
    """
    if plan.kind is not BookingKind.SINGLE:
        field = "repeat" if plan.kind is BookingKind.SERIES else "attendees"
        raise NotCombinable("A request is for one seat.", field=field)
    duration = bookable.service.rules.duration
    seat = await seat_at(session, bookable, booking.start_time, duration, booking.location_id)
    booking.end_time, booking.location_id = seat.end, seat.location_id
    if not await is_open(session, bookable, booking.start_time):
        raise SlotTaken
    booking.attendee = plan.seats[0].attendee
    booking.request_payment = RequestPayment.AUTHORIZE
    booking.decide_by = decide_by(bookable.service, booking.start_time, session.now())
    booking.expires_at = min(booking.expires_at, booking.decide_by)
    return booking


def decide_by(service: BookableService, start: datetime, now: datetime) -> datetime:
    """Until when a request of that start is accepted or declined, as far as the card has no say."""
    return decide_until(now, timedelta(hours=service.decide_within_hours), start, service.rules.notice)
