"""HTTP of services and categories."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator

from services.catalog.models import Offer
from services.catalog.offers import service
from services.catalog.offers.domain import ServiceType
from services.catalog.offers.errors import BelowMinimumCharge
from services.catalog.offers.repository import Categories, OfferFilter, Offers, listed, listed_for
from services.catalog.offers.schemas import CategoryView, MajorUnits, NewOffer, OfferChange, OfferView, snapshot_of
from services.catalog.practitioners.errors import NotApproved
from services.catalog.practitioners.repository import Practitioners
from services.catalog.runtime import Rt
from shared.errors import NotFound
from shared.events.catalog import ServiceSnapshot
from shared.records.times import whole_text
from shared.web.http import MaybeSigned, Practitioner, Route, ServiceOnly, SessionDep, errors_of, maybe_signed
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["services"], dependencies=[Depends(maybe_signed)])
internal = APIRouter(prefix="/internal", route_class=Route, dependencies=[ServiceOnly])


async def filter_of(
    runtime: Rt,
    category: Annotated[str | None, Query(max_length=40), AfterValidator(whole_text)] = None,
    service_type: ServiceType | None = None,
    practitioner_id: UUID | None = None,
    price_min: MajorUnits | None = None,
    price_max: MajorUnits | None = None,
) -> OfferFilter:
    """The filters of the query string."""
    currency = runtime.settings.currency
    return OfferFilter(currency, category, service_type, practitioner_id, price_min, price_max)


@router.get("/services/categories/")
async def list_categories(session: SessionDep) -> list[CategoryView]:
    """The categories that a service can have."""
    return [CategoryView.model_validate(category) for category in await Categories(session).list()]


@router.get("/services/")
async def list_services(
    page: Paging, only: Annotated[OfferFilter, Depends(filter_of)], session: SessionDep
) -> Listing[OfferView]:
    """Services on offer; `ordering` by created_at, price or title; with `search` the best match comes first."""
    return Listing[OfferView].of(*await Offers(session).list(page, listed(only.currency), *only.conditions()), page)


@router.post("/services/", status_code=201, responses=errors_of(NotApproved, BelowMinimumCharge))
async def create_service(body: NewOffer, who: Practitioner, session: SessionDep) -> OfferView:
    """Offers a service."""
    return OfferView.model_validate(await service.create(session, who, body))


@router.get("/services/{service_id}/", responses=errors_of(NotFound))
async def get_service(service_id: UUID, who: MaybeSigned, session: SessionDep) -> OfferView:
    """A service on offer; to its owner also a withdrawn one."""
    return OfferView.model_validate(await Offers(session).get_visible(service_id, who))


@router.put("/services/{service_id}/", responses=errors_of(NotApproved, NotFound, BelowMinimumCharge))
async def change_service(service_id: UUID, body: OfferChange, who: Practitioner, session: SessionDep) -> OfferView:
    """Changes what is given of one's own service."""
    return OfferView.model_validate(await service.change(session, who, service_id, body))


@router.delete(
    "/services/{service_id}/", status_code=204, response_class=Response, responses=errors_of(NotApproved, NotFound)
)
async def withdraw_service(service_id: UUID, who: Practitioner, session: SessionDep) -> None:
    """Takes one's own service off the market."""
    await service.withdraw(session, who, service_id)


@router.get("/practitioners/{practitioner_id}/services/", responses=errors_of(NotFound))
async def list_of_practitioner(
    practitioner_id: UUID, page: Paging, who: MaybeSigned, session: SessionDep, runtime: Rt
) -> Listing[OfferView]:
    """A practitioner's services; to themselves also the withdrawn ones."""
    await Practitioners(session).get_visible(practitioner_id, who)
    wanted = (Offer.practitioner_id == practitioner_id, listed_for(who, runtime.settings.currency))
    return Listing[OfferView].of(*await Offers(session).list(page, *wanted), page)


@internal.get("/services/{service_id}/", responses=errors_of(NotFound))
async def internal_service(service_id: UUID, session: SessionDep) -> ServiceSnapshot:
    """A service in any state, for another service."""
    return snapshot_of(await Offers(session).get(service_id))
