"""What identity does when others report."""

from services.identity.repository import Users
from shared.db import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Approval gives the role `practitioner`, any other decision takes it; an older report changes nothing."""
    user = await Users(session).get(event.user_id, lock=True)
    if event.version <= user.practitioner_version:
        return
    user.practitioner_version = event.version
    user.practitioner_id = event.practitioner_id if event.verification_status == "approved" else None
    user.updated_at = event.occurred_at


CONSUMERS: Consumers = {PractitionerVerificationChanged: practitioner_verification_changed}
