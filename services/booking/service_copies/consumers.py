"""Catalog's events about services."""

from services.booking.service_copies.repository import BookableServices
from services.booking.sessions.repository import Sessions
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import ServiceCreated, ServiceDeactivated, ServiceEvent, ServiceUpdated


async def service_changed(session: Session, event: ServiceEvent) -> None:
    """Updates the projection; an older event than its row changes nothing. New buffers hold at once."""
    await BookableServices(session).put(event.service)
    await Sessions(session).lock_calendar(event.service.practitioner_id)
    await Sessions(session).pad(event.service.service_id)


CONSUMERS: Consumers = {
    ServiceCreated: service_changed,
    ServiceUpdated: service_changed,
    ServiceDeactivated: service_changed,
}
