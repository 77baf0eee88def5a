"""Named schedules over HTTP."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.locations.errors import UnknownLocation
from services.booking.named_schedules import service
from services.booking.named_schedules.errors import UnknownService
from services.booking.named_schedules.schemas import NamedScheduleBody, NamedScheduleView
from services.booking.runtime import Practitioner, Rt
from services.booking.schedules.routes import OWN, OwnPractitioner
from shared.errors import Forbidden, NotFound
from shared.web.http import Idempotency, Route, SessionDep, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["schedules"])
WRITTEN = errors_of(Forbidden, NotFound, UnknownService, UnknownLocation)


@router.get("/practitioners/{practitioner_id}/schedules/", responses=OWN)
async def list_schedules(
    practitioner_id: OwnPractitioner, session: SessionDep, page: Paging
) -> Listing[NamedScheduleView]:
    """One's own named schedules; `ordering` by name or created_at."""
    return Listing[NamedScheduleView].of(*await service.list_own(session, practitioner_id, page), page)


@router.post("/practitioners/{practitioner_id}/schedules/", status_code=201, responses=WRITTEN)
async def create_schedule(
    practitioner_id: OwnPractitioner, body: NamedScheduleBody, runtime: Rt, once: Idempotency
) -> NamedScheduleView:
    """Names hours that services of one's own use instead of the usual ones. A service uses the last that names it."""
    return await service.create(runtime, practitioner_id, body, once)


@router.put("/schedules/{schedule_id}/", responses=WRITTEN)
async def change_schedule(
    schedule_id: UUID, body: NamedScheduleBody, caller: Practitioner, runtime: Rt
) -> NamedScheduleView:
    """Replaces a named schedule as a whole, and which services use it. What is booked stays booked."""
    return await service.replace(runtime, caller, schedule_id, body)


@router.delete("/schedules/{schedule_id}/", status_code=204, responses=OWN)
async def delete_schedule(schedule_id: UUID, caller: Practitioner, session: SessionDep) -> None:
    """Ends a named schedule; its services follow the usual hours again."""
    await service.end(session, caller, schedule_id)
