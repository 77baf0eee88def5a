"""Catalog's events about locations."""

from services.booking.locations.repository import Locations
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import LocationAdded, LocationRemoved


async def location_added(session: Session, event: LocationAdded) -> None:
    """Hours and dates may name it."""
    await Locations(session).put(event.location_id, event.practitioner_id, is_virtual=event.is_virtual)


async def location_removed(session: Session, event: LocationRemoved) -> None:
    """Nothing names it any more."""
    await Locations(session).remove(event.location_id)


CONSUMERS: Consumers = {LocationAdded: location_added, LocationRemoved: location_removed}
