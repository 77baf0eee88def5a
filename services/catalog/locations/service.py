"""Use cases of locations. A change locks the practitioner first."""

from uuid import UUID

from services.catalog.locations.domain import MOST_LOCATIONS, Visibility
from services.catalog.locations.errors import LocationInUse, TooManyLocations
from services.catalog.locations.models import Location
from services.catalog.locations.repository import Locations
from services.catalog.locations.schemas import ADDRESS, LocationChange, LocationView, NewLocation, columns_of
from services.catalog.practitioners.repository import Practitioners
from services.catalog.runtime import CatalogRuntime
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.listing import Found, Page
from shared.database.session import Session
from shared.errors import FieldError, Invalid
from shared.events.catalog import LocationAdded, LocationRemoved
from shared.internal.booking import LOCATIONS_IN_USE, LOCATIONS_OF_CLIENT
from shared.messaging.outbox import emit
from shared.peers import Peers
from shared.records.ids import new_id


async def list_of(
    runtime: CatalogRuntime, caller: Caller | None, practitioner_id: UUID, page: Page
) -> Found[LocationView]:
    """A visible practitioner's; asks booking where a client may see more of them than others do."""
    async with runtime.db.read() as session:
        practitioner = await Practitioners(session).get_visible(practitioner_id, caller)
        rows, total = await Locations(session).list(practitioner_id, page)
    if caller is None or all(row.visibility is Visibility.PUBLIC for row in rows):
        return [LocationView.of(row, exact=False) for row in rows], total
    if practitioner.user_id == caller.user_id or caller.may(Permission.READ_UNLISTED):
        return [LocationView.of(row, exact=True) for row in rows], total
    query = {"client_id": str(caller.user_id)}
    seen = await runtime.peers.ask(LOCATIONS_OF_CLIENT, query=query, practitioner_id=practitioner_id)
    return [LocationView.of(row, exact=row.id in seen.ids) for row in rows], total


async def create(session: Session, caller: Caller, practitioner_id: UUID, given: NewLocation) -> Location:
    """A new location of one's own, primary if it is the first. Raises NotFound, TooManyLocations."""
    practitioner = await Practitioners(session).get_own(practitioner_id, caller)
    count = await Locations(session).count_of(practitioner.id)
    if count >= MOST_LOCATIONS:
        raise TooManyLocations
    location = Location(id=new_id(), practitioner_id=practitioner.id, is_primary=count == 0, **columns_of(given))
    location.created_at = location.updated_at = session.now()
    await Locations(session).add(location)
    ids = {"location_id": location.id, "practitioner_id": practitioner.id}
    emit(session, LocationAdded(**ids, is_virtual=location.is_virtual))
    return location


async def change(
    session: Session, caller: Caller, practitioner_id: UUID, location_id: UUID, given: LocationChange
) -> Location:
    """Changes what is given of one's own location. Raises NotFound; Invalid for an address of a virtual one."""
    practitioner = await Practitioners(session).get_own(practitioner_id, caller)
    location = await Locations(session).get(location_id, practitioner.id)
    if location.is_virtual:
        _refuse_address(given)
    if "is_primary" in given.model_fields_set:
        await Locations(session).make_primary(location)
    for name, value in columns_of(given).items():
        setattr(location, name, value)
    location.updated_at = session.now()
    return location


async def demand_unused(peers: Peers, practitioner_id: UUID, location_id: UUID) -> None:
    """Raises LocationInUse if hours, resources or coming sessions name it; asks booking."""
    in_use = await peers.ask(LOCATIONS_IN_USE, practitioner_id=practitioner_id)
    if location_id in in_use.ids:
        raise LocationInUse


async def remove(runtime: CatalogRuntime, caller: Caller, practitioner_id: UUID, location_id: UUID) -> None:
    """Deletes one's own location. Raises NotFound, LocationInUse."""
    async with runtime.db.transaction() as session:
        await _get_own(session, caller, practitioner_id, location_id)
    await demand_unused(runtime.peers, practitioner_id, location_id)
    async with runtime.db.transaction() as session:
        location = await _get_own(session, caller, practitioner_id, location_id)
        if await runtime.services.name_location(session, practitioner_id, location_id):
            raise LocationInUse
        await Locations(session).remove(location)
        emit(session, LocationRemoved(location_id=location_id, practitioner_id=practitioner_id))


async def _get_own(session: Session, caller: Caller, practitioner_id: UUID, location_id: UUID) -> Location:
    practitioner = await Practitioners(session).get_own(practitioner_id, caller)
    return await Locations(session).get(location_id, practitioner.id)


def _refuse_address(given: LocationChange) -> None:
    wrong = [name for name in ADDRESS if getattr(given, name) is not None]
    if wrong:
        message, code = "A virtual location has no address", "virtual_location"
        raise Invalid(errors=[FieldError(field=name, message=message, code=code) for name in wrong])
