"""Keeps the projections up to date. Closed accounts: see `erasure`."""

from services.messaging.directory.repository import Practitioners, Users
from services.messaging.directory.schemas import PractitionerFacts
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import (
    PractitionerApplied,
    PractitionerEvent,
    PractitionerUpdated,
    PractitionerVerificationChanged,
)
from shared.events.identity import UserRegistered, UserUpdated


async def user_registered(session: Session, event: UserRegistered) -> None:
    await Users(session).put(event.user_id, event.first_name, event.last_name)


async def user_updated(session: Session, event: UserUpdated) -> None:
    await Users(session).put(event.user_id, event.first_name, event.last_name)


async def practitioner_changed(session: Session, event: PractitionerEvent) -> None:
    await Practitioners(session).put(event.user_id, PractitionerFacts.model_validate(event))


CONSUMERS: Consumers = {
    UserRegistered: user_registered,
    UserUpdated: user_updated,
    PractitionerApplied: practitioner_changed,
    PractitionerVerificationChanged: practitioner_changed,
    PractitionerUpdated: practitioner_changed,
}
