"""Availability over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.booking.calendars import service
from services.booking.calendars.errors import BadRange, TooManySlots
from services.booking.calendars.schemas import BusyView, SlotView
from services.booking.runtime import Rt
from services.booking.schedules.routes import OWN, OwnPractitioner
from services.booking.schedules.schemas import IsoDate
from shared.errors import NotFound
from shared.web.http import MaybeSigned, Route, errors_of
from shared.web.pagination import Listing

FirstDay = Annotated[IsoDate | None, Query(alias="from", description="A date in the practitioner's zone")]
LastDay = Annotated[IsoDate | None, Query(alias="to", description="Exclusive")]
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["schedules"])


async def wanted_slots(
    service_id: UUID,
    first: FirstDay = None,
    until: LastDay = None,
    location_id: UUID | None = None,
    moving: Annotated[UUID | None, Query(description="A booking of one's own, whose seat counts as free")] = None,
) -> service.Wanted:
    """Which slots the query asks for."""
    return service.Wanted(service_id, first, until, moving, location_id)


@router.get("/practitioners/{practitioner_id}/availability/", responses=errors_of(NotFound, BadRange, TooManySlots))
async def list_availability(
    practitioner_id: UUID, runtime: Rt, caller: MaybeSigned, wanted: Annotated[service.Wanted, Depends(wanted_slots)]
) -> Listing[SlotView]:
    """The slots that can be booked now, all in one page; with `moving`, those that this booking can be moved to."""
    found = await service.availability(runtime, caller, practitioner_id, wanted)
    slots = [SlotView.model_validate(slot) for slot in found]
    return Listing(results=slots, total=len(slots), limit=len(slots), offset=0, has_more=False)


@router.get("/practitioners/{practitioner_id}/busy/", responses=OWN | errors_of(BadRange))
async def list_busy(
    practitioner_id: OwnPractitioner, runtime: Rt, first: FirstDay = None, until: LastDay = None
) -> Listing[BusyView]:
    """What takes one's own time on those days, all in one page: sessions that are booked or held, and time off."""
    found = await service.busy_times(runtime, practitioner_id, first, until)
    times = [BusyView.model_validate(time, from_attributes=True) for time in found]
    return Listing[BusyView].whole(times)
