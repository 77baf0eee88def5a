"""Identity's and catalog's events about closed accounts and lost approvals."""

from services.booking.people.models import Approval, Departure
from services.booking.people.repository import Names
from shared.database.people import close_account, put_approval
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """From here on nothing is sold by them or to them; a job cancels what they leave."""
    await close_account(session, Departure, event.user_id)
    await Names(session).remove(event.user_id)
    session.wake_jobs_after_commit("cancel_left_behind", "end_waitlist_entries")


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Without approval nothing more is sold; unpaid holds are closed, what is booked stays booked."""
    await put_approval(session, Approval, event)
    session.wake_jobs_after_commit("cancel_left_behind", "end_waitlist_entries")


CONSUMERS: Consumers = {
    UserDeactivated: user_deactivated,
    PractitionerVerificationChanged: practitioner_verification_changed,
}
