"""Fees over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.bookings.routes import Practitioner
from services.booking.bookings.schemas import BookingView
from services.booking.bookings.views import Views
from services.booking.fees import service
from shared.errors import Forbidden, NotFound
from shared.records.state import IllegalTransition
from shared.web.http import InPerson, Route, SessionDep, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["bookings"])


@router.post(
    "/bookings/{booking_id}/waive-fee/",
    dependencies=[InPerson],
    responses=errors_of(Forbidden, NotFound, IllegalTransition),
)
async def waive_fee(booking_id: UUID, caller: Practitioner, session: SessionDep, views: Views) -> BookingView:
    """Does without the fee for a missed or late cancelled seat, until it is charged."""
    return await views.of(await service.waive_fee(session, caller, booking_id))
