"""Hours over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.booking.locations.errors import UnknownLocation
from services.booking.runtime import Practitioner, Rt
from services.booking.schedules import service
from services.booking.schedules.schemas import UsualScheduleBody, UsualScheduleView
from shared.errors import Forbidden, NotFound
from shared.web.http import Idempotency, Route, errors_of

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["schedules"])
OWN = errors_of(Forbidden, NotFound)


async def own_practitioner(practitioner_id: UUID, caller: Practitioner) -> UUID:
    """The practitioner of the path, who is the caller; NotFound for another's."""
    service.demand_own(caller, practitioner_id)
    return practitioner_id


OwnPractitioner = Annotated[UUID, Depends(own_practitioner)]


@router.get("/practitioners/{practitioner_id}/schedule/", responses=OWN)
async def get_practitioner_schedule(practitioner_id: OwnPractitioner, runtime: Rt) -> UsualScheduleView:
    """One's own hours."""
    return UsualScheduleView.model_validate(await service.read_schedule(runtime, practitioner_id))


@router.post("/practitioners/{practitioner_id}/schedule/", responses=OWN | errors_of(UnknownLocation))
async def replace_practitioner_schedule(
    practitioner_id: OwnPractitioner, body: UsualScheduleBody, runtime: Rt, once: Idempotency
) -> UsualScheduleView:
    """Replaces one's own hours, limits and travel time as a whole."""
    return await service.replace_schedule(runtime, practitioner_id, body, once)


@router.delete("/services/{service_id}/schedule/", status_code=204, responses=OWN)
async def end_service_schedule(service_id: UUID, caller: Practitioner, runtime: Rt) -> None:
    """Ends the service's own hours, or its use of named ones; its practitioner's apply again."""
    await service.end_service_schedule(runtime, caller, service_id)
