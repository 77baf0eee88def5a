"""Identity's and catalog's news about people who are gone, or may sell no more."""

from services.booking.people.names import Names
from services.booking.people.repository import Departures
from shared.database import idempotency
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated, UserRegistered, UserUpdated


async def user_registered(session: Session, event: UserRegistered) -> None:
    """Keeps the name for the practitioners whom this person will book."""
    await Names(session).put(event.user_id, event.first_name, event.last_name)


async def user_updated(session: Session, event: UserUpdated) -> None:
    """Keeps the new name."""
    await Names(session).put(event.user_id, event.first_name, event.last_name)


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """From here on nothing is sold by them or to them; a job cancels what they leave."""
    await Departures(session).add(event.user_id)
    await Names(session).remove(event.user_id)
    if event.erased:
        await Departures(session).erase_words_of(event.user_id)
        await idempotency.forget(session, event.user_id, mentions=True)
    session.wake_jobs_after_commit("cancel_left_behind")


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Without approval nothing more is sold; unpaid holds are closed, what is booked stays booked."""
    approved = event.verification_status == "approved"
    await Departures(session).put_approval(event.practitioner_id, event.version, is_approved=approved)
    session.wake_jobs_after_commit("cancel_left_behind")


CONSUMERS: Consumers = {
    UserRegistered: user_registered,
    UserUpdated: user_updated,
    UserDeactivated: user_deactivated,
    PractitionerVerificationChanged: practitioner_verification_changed,
}
