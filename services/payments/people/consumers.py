"""Catalog's news about practitioners who may sell no more."""

from services.payments.people.models import Approval
from shared.database.people import put_approval
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Without approval payouts wait for staff, however small they are."""
    await put_approval(session, Approval, event)


CONSUMERS: Consumers = {PractitionerVerificationChanged: practitioner_verification_changed}
