"""The projection, and catalog where it has no row yet."""

from uuid import UUID

from services.booking.peers import ask_service
from services.booking.runtime import BookingRuntime
from services.booking.service_copies.models import BookableService
from services.booking.service_copies.repository import BookableServices
from shared.errors import NotFound


async def known_service(runtime: BookingRuntime, service_id: UUID) -> BookableService:
    """The service, active or not; asks catalog before it raises NotFound."""
    async with runtime.db.read() as session:
        found = await BookableServices(session).find(service_id)
    return found or await fetch_service(runtime, service_id)


async def fetch_service(runtime: BookingRuntime, service_id: UUID) -> BookableService:
    """The service as catalog has it now, stored; raises NotFound."""
    snapshot = await ask_service(runtime.peers, service_id)
    async with runtime.db.transaction() as session:
        await BookableServices(session).put(snapshot)
        found = await BookableServices(session).find(service_id)
    if found is None:
        raise NotFound
    return found
