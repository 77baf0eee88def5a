"""Keeps the projections up to date. Closed accounts: see `erasure`."""

from services.streams.directory.domain import short_name
from services.streams.directory.models import Approval, Suspension
from services.streams.directory.repository import Users
from shared.database.people import put_approval, suspensions
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserRegistered, UserUpdated


async def user_registered(session: Session, event: UserRegistered) -> None:
    await Users(session).put(event.user_id, short_name(event.first_name, event.last_name))


async def user_updated(session: Session, event: UserUpdated) -> None:
    await Users(session).put(event.user_id, short_name(event.first_name, event.last_name))


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Without approval the practitioner's streams are in no list; their followers still read them."""
    await put_approval(session, Approval, event)


CONSUMERS: Consumers = {
    # The person's streams are in no list, as without approval.
    **suspensions(Suspension),
    UserRegistered: user_registered,
    UserUpdated: user_updated,
    PractitionerVerificationChanged: practitioner_verification_changed,
}
