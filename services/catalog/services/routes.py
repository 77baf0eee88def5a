"""HTTP of services."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AfterValidator

from services.catalog.openings.domain import Span
from services.catalog.openings.errors import BadRange
from services.catalog.practitioners.errors import NotApproved
from services.catalog.practitioners.repository import Practitioners
from services.catalog.runtime import Rt
from services.catalog.services import service
from services.catalog.services.domain import ServiceType
from services.catalog.services.errors import BelowMinimumCharge, NotForType, PlanLimit, UnknownResource
from services.catalog.services.repository import ServiceFilter, Services
from services.catalog.services.schemas import (
    CourseView,
    MajorUnits,
    NewService,
    ServiceChange,
    ServiceView,
    snapshot_of,
)
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.errors import NotFound
from shared.events.catalog import ServiceSnapshot
from shared.internal.catalog import SERVICE, SERVICES_OVER_LIMIT, ServicesOverLimit
from shared.records.money import AMOUNT_CODES
from shared.records.times import whole_text
from shared.web.http import (
    Idempotency,
    MaybeSigned,
    Route,
    ServiceOnly,
    SessionDep,
    UtcTime,
    errors_of,
    maybe_signed,
    needs,
)
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["services"], dependencies=[Depends(maybe_signed)])
internal = APIRouter(route_class=Route, dependencies=[ServiceOnly])
NOT_SOLD = (BelowMinimumCharge, NotForType, UnknownResource, *AMOUNT_CODES)
"""What a service is refused with that cannot be sold so."""
ServiceWriter = Annotated[Caller, needs(Permission.WRITE_SERVICES)]


async def span_of(
    runtime: Rt, available_from: UtcTime | None = None, available_to: UtcTime | None = None
) -> Span | None:
    """The time in which the service is to begin."""
    if available_from is None and available_to is None:
        return None
    now = runtime.clock.now()
    span = Span.of(available_from, available_to, now)
    if not span.fits(now):
        raise BadRange(field="available_from" if available_to is None else "available_to")
    return span


async def filter_of(
    runtime: Rt,
    category: Annotated[str | None, Query(max_length=40), AfterValidator(whole_text)] = None,
    service_type: ServiceType | None = None,
    practitioner_id: UUID | None = None,
    price_min: MajorUnits | None = None,
    price_max: MajorUnits | None = None,
    available: Annotated[Span | None, Depends(span_of)] = None,
) -> ServiceFilter:
    """The filters of the query string."""
    currency = runtime.settings.currency
    return ServiceFilter(currency, category, service_type, practitioner_id, price_min, price_max, available)


@router.get("/services/", responses=errors_of(BadRange))
async def list_services(
    page: Paging, only: Annotated[ServiceFilter, Depends(filter_of)], session: SessionDep
) -> Listing[ServiceView]:
    """Services on sale; `ordering` by created_at, price or title; with `search` the best match comes first.

    With `available_from` and `available_to` those that can be booked for a start in that time.
    """
    return Listing[ServiceView].of(*await Services(session).list(page, only), page)


@router.post(
    "/services/",
    status_code=201,
    responses=errors_of(NotApproved, PlanLimit, *NOT_SOLD),
)
async def create_service(body: NewService, caller: ServiceWriter, runtime: Rt, once: Idempotency) -> ServiceView:
    """Creates a service."""
    await service.check_resources(runtime.peers, caller, body)
    async with runtime.db.transaction() as session:
        await once.start(session)
        view = ServiceView.model_validate(await service.create(session, caller, body, runtime.settings))
        await once.done(session, 201, view)
    return view


@router.get("/services/{service_id}/", responses=errors_of(NotFound))
async def get_service(service_id: UUID, caller: MaybeSigned, session: SessionDep) -> CourseView | ServiceView:
    """A service on sale; to its owner also a withdrawn one."""
    found = await Services(session).get_visible(service_id, caller)
    left = await service.remainder_of(session, found)
    if left is None:
        return ServiceView.model_validate(found)
    return CourseView.showing(found, price_now=left.price, sessions_left=left.sessions)


@router.put(
    "/services/{service_id}/",
    responses=errors_of(NotApproved, NotFound, PlanLimit, *NOT_SOLD),
)
async def change_service(service_id: UUID, body: ServiceChange, caller: ServiceWriter, runtime: Rt) -> ServiceView:
    """Changes what is given of one's own service."""
    await service.check_resources(runtime.peers, caller, body)
    async with runtime.db.transaction() as session:
        changed = await service.change(session, service_id, caller, body, runtime.settings)
        return ServiceView.model_validate(changed)


@router.delete("/services/{service_id}/", status_code=204, responses=errors_of(NotApproved, NotFound))
async def withdraw_service(service_id: UUID, caller: ServiceWriter, session: SessionDep) -> None:
    """Takes one's own service off sale."""
    await service.withdraw(session, service_id, caller)


@router.get("/practitioners/{practitioner_id}/services/", responses=errors_of(NotFound))
async def list_practitioner_services(
    practitioner_id: UUID, page: Paging, caller: MaybeSigned, session: SessionDep, runtime: Rt
) -> Listing[ServiceView]:
    """A practitioner's services; to themselves also the withdrawn ones."""
    await Practitioners(session).get_visible(practitioner_id, caller)
    found = await Services(session).list_of(practitioner_id, caller, page, runtime.settings.currency)
    return Listing[ServiceView].of(*found, page)


@internal.get(SERVICE.path, responses=errors_of(NotFound))
async def internal_service(service_id: UUID, session: SessionDep) -> ServiceSnapshot:
    """A service in any state, for another service."""
    return snapshot_of(await Services(session).get(service_id))


@internal.get(SERVICES_OVER_LIMIT.path)
async def services_over_limit(
    practitioner_id: UUID, limit: Annotated[int, Query(ge=0)], session: SessionDep, runtime: Rt
) -> ServicesOverLimit:
    """How many services on sale a plan with that limit would take off, for another service."""
    if not runtime.settings.plan_limits:
        return ServicesOverLimit(count=0)
    active = await Services(session).count_active_of(practitioner_id)
    return ServicesOverLimit(count=max(active - limit, 0))
