"""Booking's events about openings."""

from services.catalog.openings.repository import Openings
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.booking import OpeningsChanged


async def openings_changed(session: Session, event: OpeningsChanged) -> None:
    """From now on searches see these."""
    await Openings(session).put(event)


CONSUMERS: Consumers = {OpeningsChanged: openings_changed}
