"""Hours over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from services.booking.runtime import Practitioner, Rt
from services.booking.schedules import service
from services.booking.schedules.schemas import UsualScheduleBody, UsualScheduleView
from shared.errors import Forbidden, NotFound
from shared.web.http import Route, SessionDep, errors_of

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


@router.post("/practitioners/{practitioner_id}/schedule/", responses=OWN)
async def replace_practitioner_schedule(
    practitioner_id: OwnPractitioner, body: UsualScheduleBody, session: SessionDep
) -> UsualScheduleView:
    """Replaces one's own hours, and limits, as a whole."""
    content = body.model_dump(mode="json", by_alias=True)
    return UsualScheduleView.model_validate(await service.replace_schedule(session, practitioner_id, content))


@router.delete("/services/{service_id}/schedule/", status_code=204, responses=OWN)
async def end_service_schedule(service_id: UUID, caller: Practitioner, runtime: Rt) -> None:
    """Ends the service's own hours, or its use of named ones; its practitioner's apply again."""
    await service.end_service_schedule(runtime, caller, service_id)
