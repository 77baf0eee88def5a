"""What catalog asks about locations."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.locations.repository import Locations
from shared.internal.booking import LOCATIONS_IN_USE, LOCATIONS_OF_CLIENT, LocationIds
from shared.web.http import Route, SessionDep, called_by

internal = APIRouter(route_class=Route, dependencies=[called_by("catalog")], include_in_schema=False)


@internal.get(LOCATIONS_IN_USE.path)
async def locations_in_use(practitioner_id: UUID, session: SessionDep) -> LocationIds:
    """Those of that practitioner which cannot be deleted."""
    return LocationIds(ids=list(await Locations(session).in_use(practitioner_id)))


@internal.get(LOCATIONS_OF_CLIENT.path)
async def locations_of_client(practitioner_id: UUID, client_id: UUID, session: SessionDep) -> LocationIds:
    """Those of that practitioner in which the client has a booking."""
    return LocationIds(ids=list(await Locations(session).of_client(practitioner_id, client_id)))
