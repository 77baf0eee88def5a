"""Hours and availability over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.booking.errors import BadRange, TooManySlots
from services.booking.runtime import Rt
from services.booking.schedules import service
from services.booking.schedules.schemas import IsoDate, ScheduleBody, ScheduleView, SlotView
from shared.errors import Forbidden, NotFound
from shared.web.http import Practitioner, Route, SessionDep, errors_of, maybe_signed
from shared.web.pagination import Listing

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["schedules"])
OWN = errors_of(Forbidden, NotFound)


@router.get("/practitioners/{practitioner_id}/schedule/", responses=OWN)
async def read_schedule(practitioner_id: UUID, who: Practitioner, runtime: Rt) -> ScheduleView:
    """One's own hours."""
    return ScheduleView.model_validate(await service.read_schedule(runtime, who, practitioner_id))


@router.post("/practitioners/{practitioner_id}/schedule/", responses=OWN)
async def replace_schedule(
    practitioner_id: UUID, body: ScheduleBody, who: Practitioner, session: SessionDep
) -> ScheduleView:
    """Replaces one's own hours as a whole."""
    content = body.model_dump(mode="json")
    return ScheduleView.model_validate(await service.replace_schedule(session, who, practitioner_id, content))


@router.get("/services/{service_id}/schedule/", responses=OWN)
async def read_service_schedule(service_id: UUID, who: Practitioner, runtime: Rt) -> ScheduleView:
    """The hours that apply to one's own service."""
    return ScheduleView.model_validate(await service.read_service_schedule(runtime, who, service_id))


@router.post("/services/{service_id}/schedule/", responses=OWN)
async def replace_service_schedule(
    service_id: UUID, body: ScheduleBody, who: Practitioner, runtime: Rt
) -> ScheduleView:
    """Gives one's own service hours of its own."""
    content = body.model_dump(mode="json")
    return ScheduleView.model_validate(await service.replace_service_schedule(runtime, who, service_id, content))


@router.delete("/services/{service_id}/schedule/", status_code=204, responses=OWN)
async def end_service_schedule(service_id: UUID, who: Practitioner, runtime: Rt) -> None:
    """Ends the service's own hours; its practitioner's apply again."""
    await service.end_service_schedule(runtime, who, service_id)


@router.get(
    "/practitioners/{practitioner_id}/availability/",
    dependencies=[Depends(maybe_signed)],
    responses=errors_of(NotFound, BadRange, TooManySlots),
)
async def availability(
    practitioner_id: UUID,
    runtime: Rt,
    service_id: UUID,
    first: Annotated[IsoDate | None, Query(alias="from", description="A date in the practitioner's zone")] = None,
    until: Annotated[IsoDate | None, Query(alias="to", description="Exclusive")] = None,
) -> Listing[SlotView]:
    """The slots that can be booked now, all in one page."""
    found = await service.availability(runtime, practitioner_id, service_id, first, until)
    slots = [SlotView.model_validate(slot) for slot in found]
    return Listing(results=slots, total=len(slots), limit=len(slots), offset=0, has_more=False)
