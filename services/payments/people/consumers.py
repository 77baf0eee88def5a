"""What others say of people: who may sell no more, and who is to be erased."""

from services.payments.people.models import Approval
from services.payments.people.repository import WaitingErasures
from shared.database.people import put_approval
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import ErasureCancelled, ErasureScheduled


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Without approval payouts wait for staff, however small they are."""
    await put_approval(session, Approval, event)


async def erasure_scheduled(session: Session, event: ErasureScheduled) -> None:
    """From here on the person's payouts have no minimum, so that no small rest is in the way."""
    await WaitingErasures(session).put(event.user_id, event.erasure_id)


async def erasure_cancelled(session: Session, event: ErasureCancelled) -> None:
    """The minimum is in force again."""
    await WaitingErasures(session).end(event.user_id)


CONSUMERS: Consumers = {
    PractitionerVerificationChanged: practitioner_verification_changed,
    ErasureScheduled: erasure_scheduled,
    ErasureCancelled: erasure_cancelled,
}
