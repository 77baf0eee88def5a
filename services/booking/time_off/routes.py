"""Time off over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.schedules.routes import OWN, OwnPractitioner
from services.booking.time_off import service
from services.booking.time_off.schemas import TimeOffBody, TimeOffView
from shared.web.http import Route, SessionDep
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["schedules"])


@router.get("/practitioners/{practitioner_id}/time-off/", responses=OWN)
async def list_time_off(practitioner_id: OwnPractitioner, session: SessionDep, page: Paging) -> Listing[TimeOffView]:
    """One's own time off, past and to come; `ordering` by start_time."""
    return Listing[TimeOffView].of(*await service.list_time_off(session, practitioner_id, page), page)


@router.post("/practitioners/{practitioner_id}/time-off/", status_code=201, responses=OWN)
async def take_time_off(practitioner_id: OwnPractitioner, body: TimeOffBody, session: SessionDep) -> TimeOffView:
    """Closes that time in all of one's own schedules. What is booked in it stays, and is named in `conflicts`."""
    return await service.take_time_off(session, practitioner_id, body)


@router.delete("/practitioners/{practitioner_id}/time-off/{time_off_id}/", status_code=204, responses=OWN)
async def end_time_off(practitioner_id: OwnPractitioner, time_off_id: UUID, session: SessionDep) -> None:
    """Opens that time again."""
    await service.end_time_off(session, practitioner_id, time_off_id)
