"""Making, changing and ending named schedules. What is booked stays booked."""

from collections.abc import Sequence
from uuid import UUID

from services.booking.locations.service import check_locations
from services.booking.named_schedules.errors import UnknownService
from services.booking.named_schedules.repository import NamedSchedules
from services.booking.named_schedules.schemas import NamedScheduleBody, NamedScheduleView
from services.booking.runtime import BookingRuntime
from services.booking.service_copies.repository import BookableServices
from services.booking.service_copies.service import known_service
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.listing import Found, Page
from shared.database.session import Session
from shared.errors import FieldError, NotFound


async def create(
    runtime: BookingRuntime, practitioner_id: UUID, wanted: NamedScheduleBody, once: IdempotentOperation
) -> NamedScheduleView:
    """A new schedule, which its services use from now on. Raises UnknownService, UnknownLocation."""
    await _check_services(runtime, practitioner_id, wanted.service_ids)
    await check_locations(runtime, practitioner_id, wanted.locations())
    async with runtime.db.transaction() as session:
        await once.start(session)
        await BookableServices(session).lock(wanted.service_ids)
        schedule = await NamedSchedules(session).add(practitioner_id, wanted.content, session.now())
        await NamedSchedules(session).use(schedule, wanted.service_ids)
        view = NamedScheduleView.of(schedule, sorted(wanted.service_ids))
        await once.done(session, 201, view)
    return view


async def replace(
    runtime: BookingRuntime, caller: Caller, schedule_id: UUID, wanted: NamedScheduleBody
) -> NamedScheduleView:
    """Replaces one's own schedule, and who uses it, as a whole. Raises NotFound, UnknownService, UnknownLocation."""
    async with runtime.db.read() as session:
        own = await NamedSchedules(session).get(schedule_id, caller.practitioner_id)
    await _check_services(runtime, own.practitioner_id, wanted.service_ids)
    await check_locations(runtime, own.practitioner_id, wanted.locations())
    async with runtime.db.transaction() as session:
        await BookableServices(session).lock(wanted.service_ids)
        schedules = NamedSchedules(session)
        schedule = await schedules.replace(schedule_id, caller.practitioner_id, wanted.content, session.now())
        await schedules.use(schedule, wanted.service_ids)
        return NamedScheduleView.of(schedule, sorted(wanted.service_ids))


async def end(session: Session, caller: Caller, schedule_id: UUID) -> None:
    """Its services follow their practitioner's hours again. Raises NotFound."""
    await NamedSchedules(session).remove(schedule_id, caller.practitioner_id)


async def list_own(session: Session, practitioner_id: UUID, page: Page) -> Found[NamedScheduleView]:
    """One's own, each with the services that use it."""
    rows, total = await NamedSchedules(session).list(practitioner_id, page)
    uses = await NamedSchedules(session).uses([row.id for row in rows])
    return [NamedScheduleView.of(row, uses.get(row.id, [])) for row in rows], total


async def _check_services(runtime: BookingRuntime, practitioner_id: UUID, service_ids: Sequence[UUID]) -> None:
    """Raises UnknownService, which names those that are not the practitioner's; asks catalog for new ones."""
    async with runtime.db.read() as session:
        owners = await BookableServices(session).owners(service_ids)
    missing = {each: await _owner(runtime, each) for each in service_ids if each not in owners}
    wrong = [n for n, each in enumerate(service_ids) if (owners | missing)[each] != practitioner_id]
    if wrong:
        details = {"message": UnknownService.detail, "code": UnknownService.code}
        raise UnknownService(code="invalid", errors=[FieldError(field=f"service_ids.{n}", **details) for n in wrong])


async def _owner(runtime: BookingRuntime, service_id: UUID) -> UUID | None:
    try:
        return (await known_service(runtime, service_id)).practitioner_id
    except NotFound:
        return None
