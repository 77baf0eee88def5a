"""Booking's events about sessions. Those of one session come in their order."""

from services.catalog.dates.repository import ServiceDates
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.sessions import SessionCancelled, SessionEvent, SessionMoved, SessionScheduled


async def session_placed(session: Session, event: SessionEvent) -> None:
    """Stores when a date takes place; what was not announced is none."""
    placed = event.session
    if placed.announced:
        await ServiceDates(session).put(placed.id, placed.service_id, placed.start_time)


async def session_cancelled(session: Session, event: SessionCancelled) -> None:
    """The date counts no more."""
    await ServiceDates(session).remove(event.session.id)


CONSUMERS: Consumers = {
    SessionScheduled: session_placed,
    SessionMoved: session_placed,
    SessionCancelled: session_cancelled,
}
