"""HTTP of locations."""

from uuid import UUID

from fastapi import APIRouter, Depends

from services.catalog.locations import service
from services.catalog.locations.errors import LocationInUse, TooManyLocations
from services.catalog.locations.repository import Locations
from services.catalog.locations.schemas import LocationChange, LocationView, NewLocation
from services.catalog.runtime import Rt
from shared.errors import NotFound
from shared.internal.catalog import LOCATIONS, KnownLocation, KnownLocations
from shared.web.http import MaybeSigned, Route, SessionDep, Signed, called_by, errors_of, maybe_signed
from shared.web.pagination import Listing, Paging

# A bad token is refused everywhere, also where none is needed.
router = APIRouter(prefix="/api/v1", route_class=Route, tags=["locations"], dependencies=[Depends(maybe_signed)])
internal = APIRouter(route_class=Route, dependencies=[called_by("booking")])


@router.get("/practitioners/{practitioner_id}/locations/", responses=errors_of(NotFound))
async def list_locations(
    practitioner_id: UUID, page: Paging, caller: MaybeSigned, runtime: Rt
) -> Listing[LocationView]:
    """Where a practitioner works, the primary location first; `ordering` by is_primary, name or created_at."""
    return Listing[LocationView].of(*await service.list_of(runtime, caller, practitioner_id, page), page)


@router.post(
    "/practitioners/{practitioner_id}/locations/", status_code=201, responses=errors_of(NotFound, TooManyLocations)
)
async def create_location(
    practitioner_id: UUID, body: NewLocation, caller: Signed, session: SessionDep
) -> LocationView:
    """Adds a location of one's own, at most twenty; the first one is primary."""
    return LocationView.of(await service.create(session, caller, practitioner_id, body), exact=True)


@router.put("/practitioners/{practitioner_id}/locations/{location_id}/", responses=errors_of(NotFound))
async def change_location(
    practitioner_id: UUID, location_id: UUID, body: LocationChange, caller: Signed, session: SessionDep
) -> LocationView:
    """Changes what is given of one's own location; with `is_primary` it takes the place of the primary one."""
    return LocationView.of(await service.change(session, caller, practitioner_id, location_id, body), exact=True)


@router.delete(
    "/practitioners/{practitioner_id}/locations/{location_id}/",
    status_code=204,
    responses=errors_of(NotFound, LocationInUse),
)
async def delete_location(practitioner_id: UUID, location_id: UUID, caller: Signed, runtime: Rt) -> None:
    """Deletes one's own location, if no service, no hours and no coming session use it."""
    await service.remove(runtime, caller, practitioner_id, location_id)


@internal.get(LOCATIONS.path)
async def known_locations(practitioner_id: UUID, session: SessionDep) -> KnownLocations:
    """A practitioner's locations, for booking."""
    rows = await Locations(session).known(practitioner_id)
    return KnownLocations(results=[KnownLocation.showing(row, location_id=row.id) for row in rows])
