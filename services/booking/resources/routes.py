"""Resources over HTTP, and for catalog which of them a practitioner's services may use."""

from uuid import UUID

from fastapi import APIRouter

from services.booking.locations.errors import UnknownLocation
from services.booking.locations.service import check_locations
from services.booking.resources import service
from services.booking.resources.errors import ResourceInUse
from services.booking.resources.repository import Resources
from services.booking.resources.schemas import ResourceBody, ResourceView
from services.booking.runtime import PractitionerId, Rt
from shared.errors import Forbidden, NotFound
from shared.internal.booking import USABLE_RESOURCES, UsableResources
from shared.web.http import Idempotency, Route, SessionDep, called_by, errors_of
from shared.web.pagination import Listing, Paging

router = APIRouter(prefix="/api/v1", route_class=Route, tags=["resources"])
internal = APIRouter(route_class=Route, dependencies=[called_by("catalog")], include_in_schema=False)
CHANGED = errors_of(Forbidden, NotFound, ResourceInUse)


@router.get("/resources/", responses=errors_of(Forbidden))
async def list_resources(own: PractitionerId, session: SessionDep, page: Paging) -> Listing[ResourceView]:
    """One's own resources and those that are shared with one; `ordering` by name or created_at."""
    rows, total = await Resources(session).list(own, page)
    return Listing[ResourceView].of([ResourceView.seen_by(own, row) for row in rows], total, page)


@router.post("/resources/", status_code=201, responses=errors_of(Forbidden, UnknownLocation))
async def create_resource(body: ResourceBody, own: PractitionerId, runtime: Rt, once: Idempotency) -> ResourceView:
    """Adds a room, equipment or a crew, which services take by the unit (`resources` of a service)."""
    await check_locations(runtime, own, body.locations())
    async with runtime.db.transaction() as session:
        await once.start(session)
        view = ResourceView.seen_by(own, await service.create(session, own, body))
        await once.done(session, 201, view)
    return view


@router.put("/resources/{resource_id}/", responses=CHANGED | errors_of(UnknownLocation))
async def change_resource(resource_id: UUID, body: ResourceBody, own: PractitionerId, runtime: Rt) -> ResourceView:
    """Replaces one's own resource as a whole. What sessions have of it stays, also where it is shared no more."""
    await check_locations(runtime, own, body.locations())
    async with runtime.db.transaction() as session:
        return ResourceView.seen_by(own, await service.replace(session, own, resource_id, body))


@router.delete("/resources/{resource_id}/", status_code=204, responses=CHANGED)
async def delete_resource(resource_id: UUID, own: PractitionerId, session: SessionDep) -> None:
    """Deletes one's own resource, if no session that is still to come uses it."""
    await service.remove(session, own, resource_id)


@internal.get(USABLE_RESOURCES.path)
async def usable_resources(practitioner_id: UUID, session: SessionDep) -> UsableResources:
    """What services of that practitioner may need, for catalog."""
    return UsableResources(ids=list(await Resources(session).usable(practitioner_id)))
