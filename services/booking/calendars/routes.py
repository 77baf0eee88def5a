"""Availability over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from services.booking.calendars import service
from services.booking.calendars.errors import BadRange, TooManySlots
from services.booking.calendars.schemas import SlotView
from services.booking.runtime import Rt
from services.booking.schedules.schemas import IsoDate
from shared.errors import NotFound
from shared.web.http import Route, errors_of, maybe_signed
from shared.web.pagination import Listing

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["schedules"])


@router.get(
    "/practitioners/{practitioner_id}/availability/",
    dependencies=[Depends(maybe_signed)],
    responses=errors_of(NotFound, BadRange, TooManySlots),
)
async def list_availability(
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
