"""Reading and setting hours."""

from typing import Any
from uuid import UUID

from services.booking.locations.service import check_locations
from services.booking.peers import ask_timezone
from services.booking.runtime import BookingRuntime
from services.booking.schedules.errors import UnknownSchedule
from services.booking.schedules.models import NamedSchedule, Schedule
from services.booking.schedules.repository import Schedules
from services.booking.schedules.schemas import ScheduleBody, UsualScheduleBody, UsualScheduleView
from services.booking.service_copies.models import BookableService
from services.booking.service_copies.repository import BookableServices
from services.booking.service_copies.service import known_service
from services.booking.sessions.repository import Sessions
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.errors import NotFound


async def read_schedule(runtime: BookingRuntime, practitioner_id: UUID) -> Schedule:
    """The practitioner's own hours; empty ones in the practitioner's zone when none were set."""
    async with runtime.db.read() as session:
        found = await Schedules(session).find(practitioner_id)
    return found or _empty(practitioner_id, None, await ask_timezone(runtime.peers, practitioner_id))


async def replace_schedule(
    runtime: BookingRuntime, practitioner_id: UUID, wanted: UsualScheduleBody, once: IdempotentOperation
) -> UsualScheduleView:
    """Replaces the practitioner's hours as a whole. What is booked stays booked. Raises UnknownLocation."""
    await check_locations(runtime, practitioner_id, wanted.locations())
    content = wanted.model_dump(mode="json", by_alias=True)
    async with runtime.db.transaction() as session:
        await once.start(session)
        if wanted.travel_minutes != await Schedules(session).travel_minutes(practitioner_id):
            await BookableServices(session).lock_all_of(practitioner_id)
            await Sessions(session).lock_calendar(practitioner_id)
            await Schedules(session).change_travel(practitioner_id, wanted.travel_minutes)
        replaced = await Schedules(session).replace(practitioner_id, None, content, session.now())
        view = UsualScheduleView.model_validate(replaced)
        await once.done(session, 200, view)
    return view


async def read_service_schedule(runtime: BookingRuntime, caller: Caller, service_id: UUID) -> Schedule | NamedSchedule:
    """The named hours that a service uses, or its own, else its practitioner's."""
    service = await own_service(runtime, caller, service_id)
    practitioner_id = service.practitioner_id
    async with runtime.db.read() as session:
        schedules = Schedules(session)
        usual = await schedules.find(practitioner_id)
        found = await schedules.used_by(service_id) or await schedules.find(practitioner_id, service_id) or usual
    return found or _empty(practitioner_id, service_id, service.practitioner_timezone)


async def replace_service_schedule(
    runtime: BookingRuntime, caller: Caller, service_id: UUID, wanted: ScheduleBody
) -> Schedule:
    """Gives a service hours of its own, in place of its practitioner's, whose closed dates stay closed.

    A named schedule that it used is used no more. Raises UnknownLocation.
    """
    service = await own_service(runtime, caller, service_id)
    await check_locations(runtime, service.practitioner_id, wanted.locations())
    content = wanted.model_dump(mode="json", by_alias=True)
    async with runtime.db.transaction() as session:
        await BookableServices(session).lock([service_id])
        await Schedules(session).remove(service.practitioner_id, service_id)
        return await Schedules(session).replace(service.practitioner_id, service_id, content, session.now())


async def choose_schedule(
    runtime: BookingRuntime, caller: Caller, service_id: UUID, schedule_id: UUID
) -> NamedSchedule:
    """A service uses one of its practitioner's named schedules, in place of what it had. Raises UnknownSchedule."""
    service = await own_service(runtime, caller, service_id)
    async with runtime.db.transaction() as session:
        await BookableServices(session).lock([service_id])
        chosen = await Schedules(session).use(service.practitioner_id, service_id, schedule_id)
        if chosen is None:
            raise UnknownSchedule
        return chosen


async def end_service_schedule(runtime: BookingRuntime, caller: Caller, service_id: UUID) -> None:
    """The service follows its practitioner's hours again. What is booked stays booked."""
    service = await own_service(runtime, caller, service_id)
    async with runtime.db.transaction() as session:
        await Schedules(session).remove(service.practitioner_id, service_id)


async def own_service(runtime: BookingRuntime, caller: Caller, service_id: UUID) -> BookableService:
    """The service, active or not, if it is the caller's; raises NotFound."""
    service = await known_service(runtime, service_id)
    demand_own(caller, service.practitioner_id)
    return service


def demand_own(caller: Caller, practitioner_id: UUID) -> None:
    """Raises NotFound unless the caller is that practitioner."""
    if caller.practitioner_id != practitioner_id:
        raise NotFound


def _empty(practitioner_id: UUID, service_id: UUID | None, timezone: str) -> Schedule:
    empty: dict[str, list[Any]] = {"weekly": [], "overrides": [], "zone_changes": []}
    return Schedule(
        practitioner_id=practitioner_id, service_id=service_id, timezone=timezone, travel_minutes=0, **empty
    )
