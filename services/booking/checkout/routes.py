"""Booking over HTTP."""

from fastapi import APIRouter

from services.booking.bookings.schemas import BookingView
from services.booking.checkout import service
from services.booking.checkout.schemas import BookBody
from services.booking.errors import (
    InsufficientCredits,
    OwnService,
    PriceChanged,
    SlotTaken,
    StartNotOffered,
    TooManyHolds,
)
from services.booking.runtime import Rt
from shared.errors import NotFound
from shared.web.http import Once, Route, Signed, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])
REFUSALS = errors_of(NotFound, SlotTaken, PriceChanged, TooManyHolds, StartNotOffered, OwnService, InsufficientCredits)


@router.post("/bookings/", status_code=201, responses=REFUSALS)
async def book(body: BookBody, who: Signed, runtime: Rt, once: Once) -> BookingView:
    """Books one seat: pending until it is paid, confirmed at once where nothing is due."""
    return await service.book(runtime, who, body, once)
