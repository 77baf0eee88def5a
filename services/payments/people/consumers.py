"""Identity's and catalog's news about people who are gone, or may sell no more."""

from services.payments.people.models import Approval, Departure
from shared.database.people import close_account, put_approval
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """No batch and no approval by itself from here on; what they earned is theirs, and staff decide about it."""
    await close_account(session, Departure, event.user_id)


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Without approval payouts wait for staff, however small they are."""
    await put_approval(session, Approval, event)


CONSUMERS: Consumers = {
    UserDeactivated: user_deactivated,
    PractitionerVerificationChanged: practitioner_verification_changed,
}
