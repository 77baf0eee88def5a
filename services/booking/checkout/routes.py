"""Booking over HTTP, and whether what was booked was ever confirmed."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.bookings.events import snapshot_of
from services.booking.bookings.repository import Bookings
from services.booking.bookings.schemas import BookingView
from services.booking.calendars.errors import LocationMissing, LocationNotOffered, StartNotOffered
from services.booking.checkout import service
from services.booking.checkout.errors import ORDER_REFUSALS, HoldExpired
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import State
from services.booking.holds.errors import (
    ClientLimitReached,
    CourseOver,
    CourseStarted,
    NotCombinable,
    NotOfCourse,
    NotRepeatable,
    OwnService,
    StartMissing,
    TooManyHolds,
    TooMuch,
)
from services.booking.holds.schemas import BookBody
from services.booking.passes.errors import NotInPass, OutsideValidity, PassNotActive, PassUsedUp
from services.booking.runtime import Rt
from services.booking.sessions.errors import SessionLimitReached, SlotTaken
from shared.errors import NotFound, PaymentMethodRequired
from shared.internal.booking import BOOKING, InternalBooking
from shared.records.money import AMOUNT_CODES
from shared.records.prices import PriceChanged
from shared.web.http import Idempotency, InPerson, Route, SessionDep, Signed, called_by, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])
REFUSALS = errors_of(
    NotFound,
    SlotTaken,
    SessionLimitReached,
    ClientLimitReached,
    PriceChanged,
    TooManyHolds,
    StartNotOffered,
    LocationNotOffered,
    LocationMissing,
    OwnService,
    NotCombinable,
    PaymentMethodRequired,
    NotRepeatable,
    NotOfCourse,
    StartMissing,
    CourseOver,
    CourseStarted,
    TooMuch,
    HoldExpired,
    PassNotActive,
    PassUsedUp,
    NotInPass,
    OutsideValidity,
    *ORDER_REFUSALS,
    *AMOUNT_CODES,
)

internal = APIRouter(route_class=Route, dependencies=[called_by("messaging")], include_in_schema=False)


@router.post("/bookings/", status_code=201, dependencies=[InPerson], responses=REFUSALS)
async def create_booking(body: BookBody, caller: Signed, runtime: Rt, once: Idempotency) -> BookingView:
    """Books one seat or several: pending until they are paid, confirmed at once where nothing is due."""
    return await service.book(runtime, caller, body, once)


@internal.get(BOOKING.path)
async def snapshot(booking_id: UUID, session: SessionDep) -> InternalBooking:
    """The booking as it goes into events, for other services."""
    booking = await Bookings(session).get(booking_id)
    checkout = await Checkouts(session).of(booking)
    return InternalBooking(**dict(snapshot_of(booking)), was_confirmed=checkout.state is State.CONFIRMED)
