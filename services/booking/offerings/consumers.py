"""Catalog's news about services."""

from services.booking.offerings.repository import Offerings
from services.booking.reservations.repository import Reservations
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import ServiceCreated, ServiceDeactivated, ServiceEvent, ServiceUpdated


async def service_changed(session: Session, event: ServiceEvent) -> None:
    """Keeps the copy up to date; an older event than the copy changes nothing. New buffers hold at once."""
    await Offerings(session).put(event.service)
    await Reservations(session).pad(event.service.service_id)


CONSUMERS: Consumers = {
    ServiceCreated: service_changed,
    ServiceUpdated: service_changed,
    ServiceDeactivated: service_changed,
}
