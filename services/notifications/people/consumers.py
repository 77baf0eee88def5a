"""Keeps the address book as identity and catalog say."""

from services.notifications.handlers import Handlers
from services.notifications.people.repository import People
from shared.database.session import Session
from shared.events.catalog import PractitionerApplied, PractitionerEvent, PractitionerUpdated
from shared.events.identity import UserRegistered, UserUpdated
from shared.runtime import Runtime

KEPT = {"user_id", "email", "first_name", "last_name", "timezone"}


async def user_registered(runtime: Runtime, session: Session, event: UserRegistered) -> None:
    await People(session).put(**event.model_dump(include=KEPT))


async def user_updated(runtime: Runtime, session: Session, event: UserUpdated) -> None:
    await People(session).put(**event.model_dump(include=KEPT))


async def practitioner_changed(runtime: Runtime, session: Session, event: PractitionerEvent) -> None:
    await People(session).put_practitioner(
        user_id=event.user_id, display_name=event.display_name, version=event.version
    )


CONSUMERS: Handlers = {
    UserRegistered: user_registered,
    UserUpdated: user_updated,
    PractitionerApplied: practitioner_changed,
    PractitionerUpdated: practitioner_changed,
}
