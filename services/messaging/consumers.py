"""What messaging does when something happened elsewhere."""

from services.messaging import service
from services.messaging.contacts import People, Practice, Practitioners
from services.messaging.peers import booking_of
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.booking import BookingConfirmed
from shared.events.catalog import (
    PractitionerApplied,
    PractitionerEvent,
    PractitionerUpdated,
    PractitionerVerificationChanged,
)
from shared.events.identity import UserDeactivated, UserRegistered, UserUpdated


async def user_registered(session: Session, event: UserRegistered) -> None:
    await People(session).put(event.user_id, event.first_name, event.last_name)


async def user_updated(session: Session, event: UserUpdated) -> None:
    await People(session).put(event.user_id, event.first_name, event.last_name)


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """The name goes; the words too where the person asked to be erased."""
    await service.forget(session, event.user_id, words=event.erased)


async def practitioner_changed(session: Session, event: PractitionerEvent) -> None:
    """Keeps the copy up to date; an older event than the copy changes nothing."""
    await Practitioners(session).put(event.user_id, Practice.model_validate(event))


async def booking_confirmed(session: Session, event: BookingConfirmed) -> None:
    """Opens the conversation of its two sides."""
    await service.open_for_booking(session, booking_of(event.booking))


CONSUMERS: Consumers = {
    UserRegistered: user_registered,
    UserUpdated: user_updated,
    UserDeactivated: user_deactivated,
    PractitionerApplied: practitioner_changed,
    PractitionerVerificationChanged: practitioner_changed,
    PractitionerUpdated: practitioner_changed,
    BookingConfirmed: booking_confirmed,
}
