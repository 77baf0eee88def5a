"""The schedule of a service over HTTP, which is hours or dates; and sessions that are cancelled."""

from uuid import UUID

from fastapi import APIRouter, Response

from services.booking.bookings.errors import AlreadyStarted
from services.booking.calendars.errors import StartNotOffered
from services.booking.calendars.schemas import DateView, SessionView
from services.booking.dates import service
from services.booking.dates.errors import BadRule, HasEnrolments, NoDates, NotForType, TooManyDates
from services.booking.dates.schemas import AnnouncedView, CancelSessionBody, DatesBody, ServiceSchedule
from services.booking.locations.errors import UnknownLocation
from services.booking.runtime import Practitioner, Rt
from services.booking.schedules import service as schedules
from services.booking.schedules.errors import UnknownSchedule
from services.booking.schedules.routes import OWN
from services.booking.schedules.schemas import ScheduleView
from services.booking.sessions.errors import SlotTaken
from shared.auth.permissions import Permission, refusal_of
from shared.errors import Forbidden, NotFound, Unauthenticated
from shared.records.state import IllegalTransition
from shared.web.http import Idempotency, InPerson, MaybeSigned, Route, SessionDep, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["schedules"])
REFUSED = (StartNotOffered, BadRule, NoDates, TooManyDates, HasEnrolments, SlotTaken)
ANNOUNCED = {201: {"model": AnnouncedView, "description": "The dates were announced"}}


@router.get(
    "/services/{service_id}/schedule/", responses=OWN | errors_of(Forbidden, refusal_of(Permission.WRITE_SCHEDULES))
)
async def get_service_schedule(
    service_id: UUID, caller: MaybeSigned, runtime: Rt, page: Paging
) -> Listing[DateView] | ScheduleView:
    """The dates of a workshop or a course, for everyone; else the hours that apply to one's own service."""
    found = await service.dates_of(runtime, caller, service_id, page)
    if found is not None:
        return Listing[DateView].of(*found, page)
    if caller is None:
        raise Unauthenticated
    caller.demand(Permission.WRITE_SCHEDULES)
    return ScheduleView.model_validate(await schedules.read_service_schedule(runtime, caller, service_id))


@router.post(
    "/services/{service_id}/schedule/",
    responses=OWN | errors_of(UnknownSchedule, UnknownLocation, NotForType, *REFUSED) | ANNOUNCED,
)
async def replace_service_schedule(
    service_id: UUID, body: ServiceSchedule, caller: Practitioner, runtime: Rt, once: Idempotency, response: Response
) -> ScheduleView | AnnouncedView:
    """Gives one's own service hours of its own, or with `schedule_id` those of a named schedule.

    Of a workshop or a course it announces dates, all of them or none, beside those that there are.
    """
    if isinstance(body, DatesBody):
        response.status_code = 201
        return await service.announce_dates(runtime, caller, service_id, body, once)
    return ScheduleView.model_validate(await service.replace_hours(runtime, caller, service_id, body))


@router.post(
    "/sessions/{session_id}/cancel/",
    dependencies=[InPerson],
    responses=errors_of(Forbidden, NotFound, AlreadyStarted, IllegalTransition),
)
async def cancel_session(
    session_id: UUID, caller: Practitioner, session: SessionDep, body: CancelSessionBody | None = None
) -> SessionView:
    """Cancels one's own session with all its bookings, each of which gets its whole price back."""
    wanted = body or CancelSessionBody()
    following = bool(wanted.following)
    return await service.cancel_session(session, caller, session_id, wanted.reason, following=following)
