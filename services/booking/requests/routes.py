"""Decisions about requests over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter

from services.booking.bookings.schemas import BookingView
from services.booking.bookings.views import Views
from services.booking.checkout.errors import StripeUnavailable
from services.booking.holds.errors import ClientLimitReached
from services.booking.requests import service
from services.booking.requests.errors import PaymentFailed
from services.booking.requests.schemas import DeclineBody
from services.booking.runtime import Rt
from services.booking.sessions.errors import SessionLimitReached, SlotTaken
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import Forbidden, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import Idempotency, InPerson, Route, SessionDep, errors_of, needs

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])
Practitioner = Annotated[Caller, needs(Permission.RUN_SESSIONS)]
REFUSALS = errors_of(Forbidden, NotFound, IllegalTransition)


@router.post(
    "/bookings/{booking_id}/accept/",
    dependencies=[InPerson],
    responses=REFUSALS
    | errors_of(SlotTaken, SessionLimitReached, ClientLimitReached, PaymentFailed, StripeUnavailable),
)
async def accept_booking(booking_id: UUID, caller: Practitioner, runtime: Rt, once: Idempotency) -> BookingView:
    """Takes the seat that a client asks for, and charges it."""
    return await service.accept(runtime, caller, booking_id, once)


@router.post("/bookings/{booking_id}/decline/", dependencies=[InPerson], responses=REFUSALS)
async def decline_booking(
    booking_id: UUID, caller: Practitioner, session: SessionDep, views: Views, body: DeclineBody | None = None
) -> BookingView:
    """Declines what a client asks for: nothing is charged."""
    return await views.of(await service.decline_request(session, caller, booking_id, body.reason if body else None))
