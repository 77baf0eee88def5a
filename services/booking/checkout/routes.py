"""Booking over HTTP."""

from fastapi import APIRouter

from services.booking.bookings.schemas import BookingView
from services.booking.calendars.errors import StartNotOffered
from services.booking.checkout import service
from services.booking.checkout.errors import InsufficientCredits
from services.booking.holds.errors import OwnService, PriceChanged, TooManyHolds
from services.booking.holds.schemas import BookBody
from services.booking.runtime import Rt
from services.booking.sessions.errors import SlotTaken
from shared.errors import NotFound
from shared.web.http import Idempotency, Route, Signed, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])
REFUSALS = errors_of(NotFound, SlotTaken, PriceChanged, TooManyHolds, StartNotOffered, OwnService, InsufficientCredits)


@router.post("/bookings/", status_code=201, responses=REFUSALS)
async def book(body: BookBody, caller: Signed, runtime: Rt, once: Idempotency) -> BookingView:
    """Books one seat: pending until it is paid, confirmed at once where nothing is due."""
    return await service.book(runtime, caller, body, once)
