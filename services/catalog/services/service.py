"""Use cases of services. A change locks the practitioner first, then the service: the order everywhere in catalog."""

from datetime import timedelta
from uuid import UUID

from services.catalog.categories.repository import Categories
from services.catalog.dates.domain import Remainder, remainder
from services.catalog.dates.repository import ServiceDates
from services.catalog.locations.repository import Locations
from services.catalog.practitioners.errors import NotApproved
from services.catalog.practitioners.models import Practitioner
from services.catalog.practitioners.repository import Practitioners
from services.catalog.services.domain import BookingMode, ServiceType
from services.catalog.services.errors import (
    BelowMinimumCharge,
    NotForType,
    UnknownCategory,
    UnknownLocation,
    UnknownResource,
)
from services.catalog.services.limits import demand_place
from services.catalog.services.models import Service
from services.catalog.services.publication import publish
from services.catalog.services.repository import Services
from services.catalog.services.schemas import NewService, ServiceChange, columns_of, snapshot_of
from services.catalog.settings import CatalogSettings
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.catalog import ERASED_TITLE, ServiceCreated, ServiceDeactivated, ServiceUpdated
from shared.internal.booking import USABLE_RESOURCES
from shared.messaging.outbox import emit
from shared.peers import Peers
from shared.records.currencies import minimum_charge
from shared.records.ids import new_id
from shared.records.money import Money, check_amount


async def create(session: Session, caller: Caller, given: NewService, settings: CatalogSettings) -> Service:
    """Creates a service, whose resources were checked; raises NotApproved, PlanLimit, or Invalid."""
    practitioner = await approved_practitioner(session, caller, lock=settings.plan_limits)
    await _check(session, given, settings.currency)
    await _check_locations(session, practitioner.id, given)
    if settings.plan_limits:
        await demand_place(session, practitioner.id)
    service = Service(id=new_id(), practitioner=practitioner, is_active=True, version=1, **columns_of(given))
    _check_type(service)
    service.created_at = service.updated_at = session.now()
    session.add(service)
    await session.flush()
    emit(session, ServiceCreated(service=snapshot_of(service)))
    return service


async def change(
    session: Session, service_id: UUID, caller: Caller, given: ServiceChange, settings: CatalogSettings
) -> Service:
    """Changes the practitioner's own service; what is booked keeps its price. Raises PlanLimit for one more on sale."""
    activates = "is_active" in given.model_fields_set and given.is_active
    practitioner = await approved_practitioner(session, caller, lock=settings.plan_limits and activates)
    service = await Services(session).get_own(service_id, practitioner)
    await _check(session, given, settings.currency)
    await _check_locations(session, practitioner.id, given)
    was_active = service.is_active
    if settings.plan_limits and activates and not was_active:
        await demand_place(session, practitioner.id)
    if "is_active" in given.model_fields_set:
        service.inactive_reason = None
    for name, value in columns_of(given).items():
        setattr(service, name, value)
    _check_type(service)
    publish(session, service, ServiceDeactivated if was_active and not service.is_active else ServiceUpdated)
    return service


async def check_resources(peers: Peers, caller: Caller, given: NewService | ServiceChange) -> None:
    """Raises UnknownResource, which names those that the caller's services may not need; asks booking."""
    if not given.resources or caller.practitioner_id is None:
        return
    usable = set((await peers.ask(USABLE_RESOURCES, practitioner_id=caller.practitioner_id)).ids)
    unknown = [
        f"resources.{number}.any_of.{place}"
        for number, need in enumerate(given.resources)
        for place, resource_id in enumerate(need.any_of)
        if resource_id not in usable
    ]
    if unknown:
        raise UnknownResource(*unknown)


async def withdraw(session: Session, service_id: UUID, caller: Caller) -> None:
    """Takes the service out of every list; what is booked stays booked. A second time changes nothing."""
    practitioner = await own_practitioner(session, caller)
    service = await Services(session).get_own(service_id, practitioner)
    service.inactive_reason = None
    if service.is_active:
        service.is_active = False
        publish(session, service, ServiceDeactivated)


async def remainder_of(session: Session, course: Service) -> Remainder | None:
    """What is left of a course; None for what is none."""
    if course.service_type != ServiceType.COURSE:
        return None
    starts = await ServiceDates(session).starts_of(course.id)
    return remainder(course.price, starts, timedelta(minutes=course.min_notice_minutes), session.now())


async def name_location(session: Session, practitioner_id: UUID, location_id: UUID) -> bool:
    """Whether a service of theirs, on sale or not, takes place there."""
    return await Services(session).exist_at(practitioner_id, location_id)


async def has_services(session: Session, practitioner_id: UUID) -> bool:
    """Whether the practitioner has ever created a service."""
    return await Services(session).exist_of(practitioner_id)


async def publish_services_of(session: Session, practitioner_id: UUID) -> None:
    """Publishes each of them again, because zone or approval of the practitioner show in it."""
    for service in await Services(session).lock_all_of(practitioner_id):
        publish(session, service, ServiceUpdated)


async def erase_services_of(session: Session, practitioner_id: UUID) -> None:
    """Removes what an erased person wrote about their services; what is booked keeps its title."""
    for service in await Services(session).lock_all_of(practitioner_id):
        service.title, service.description = ERASED_TITLE, ""


async def own_practitioner(session: Session, caller: Caller, *, lock: bool = False) -> Practitioner:
    """The caller's practitioner in whatever state; raises NotApproved where they are none."""
    practitioner = await Practitioners(session).find_of(caller.user_id, lock=lock)
    if practitioner is None:
        raise NotApproved
    return practitioner


async def approved_practitioner(session: Session, caller: Caller, *, lock: bool = False) -> Practitioner:
    """The caller's practitioner, who may sell; raises NotApproved.

    `lock`: against others who count the practitioner's services, else against changes of the practitioner alone.
    """
    practitioner = await own_practitioner(session, caller, lock=lock)
    if not practitioner.is_approved:
        raise NotApproved
    return practitioner


async def _check(session: Session, given: NewService | ServiceChange, currency: str) -> None:
    fees = given.fees.by_field() if given.fees else ()
    for field, price in (("price", given.price), *fees):
        if price is not None:
            _check_price(check_amount(price, currency, field), field)
    if given.category is not None and not await Categories(session).has(given.category):
        raise UnknownCategory


async def _check_locations(session: Session, practitioner_id: UUID, given: NewService | ServiceChange) -> None:
    """The practitioner is locked, so that none of them is deleted meanwhile."""
    if not given.location_ids:
        return
    known = {each.id for each in await Locations(session).known(practitioner_id, given.location_ids)}
    unknown = [f"location_ids.{number}" for number, each in enumerate(given.location_ids) if each not in known]
    if unknown:
        raise UnknownLocation(*unknown)


def _check_price(price: Money, field: str) -> None:
    if 0 < price.amount < minimum_charge(price.currency):
        raise BelowMinimumCharge(field=field)


def _check_type(service: Service) -> None:
    if service.service_type == ServiceType.SESSION:
        return
    refused = {"booking_mode": service.booking_mode != BookingMode.INSTANT, "series_max": service.series_max > 0}
    if any(refused.values()):
        raise NotForType(*(name for name, is_set in refused.items() if is_set))
