"""Making, changing and deleting resources. What sessions have of them stays."""

from uuid import UUID

from services.booking.resources.errors import ResourceInUse
from services.booking.resources.models import Resource
from services.booking.resources.repository import Resources
from services.booking.resources.schemas import ResourceBody
from shared.database.session import Session
from shared.records.ids import new_id


async def create(session: Session, practitioner_id: UUID, wanted: ResourceBody) -> Resource:
    """A new resource of that practitioner, whose location was checked."""
    resource = Resource(id=new_id(), practitioner_id=practitioner_id, created_at=session.now())
    _write(session, resource, wanted)
    await Resources(session).add(resource)
    return resource


async def replace(session: Session, practitioner_id: UUID, resource_id: UUID, wanted: ResourceBody) -> Resource:
    """Replaces one's own as a whole. Raises NotFound, ResourceInUse where sessions have more units than are left."""
    resource = await Resources(session).get_own(resource_id, practitioner_id)
    if await Resources(session).is_used_above(resource, wanted.quantity):
        raise ResourceInUse
    _write(session, resource, wanted)
    return resource


async def remove(session: Session, practitioner_id: UUID, resource_id: UUID) -> None:
    """Deletes one's own. Services that need it find no unit any more. Raises NotFound, ResourceInUse."""
    resource = await Resources(session).get_own(resource_id, practitioner_id)
    if await Resources(session).is_used_above(resource, 0):
        raise ResourceInUse
    await Resources(session).remove(resource)


def _write(session: Session, resource: Resource, wanted: ResourceBody) -> None:
    resource.name, resource.kind, resource.quantity = wanted.name, wanted.kind, wanted.quantity
    resource.location_id, resource.shared_with = wanted.location_id, wanted.shared_with or []
    resource.updated_at = session.now()
