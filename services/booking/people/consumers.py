"""Identity's events about names."""

from services.booking.people.repository import Names
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserRegistered, UserUpdated


async def user_registered(session: Session, event: UserRegistered) -> None:
    """Keeps the name for the practitioners whom this person will book."""
    await Names(session).put(event.user_id, event.first_name, event.last_name)


async def user_updated(session: Session, event: UserUpdated) -> None:
    """Keeps the new name."""
    await Names(session).put(event.user_id, event.first_name, event.last_name)


CONSUMERS: Consumers = {UserRegistered: user_registered, UserUpdated: user_updated}
