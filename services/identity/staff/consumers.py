"""What changes roles here when catalog reports a decision."""

from services.identity.accounts.repository import Users
from services.identity.staff.service import end_sessions_of
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import PractitionerVerificationChanged


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """Approval gives the role `practitioner`, any other decision takes it and ends the account's sessions.

    An older event changes nothing.
    """
    user = await Users(session).get(event.user_id, lock=True)
    if event.version <= user.practitioner_version:
        return
    had, approved = user.practitioner_id is not None, event.verification_status == "approved"
    user.practitioner_version = event.version
    user.practitioner_id = event.practitioner_id if approved else None
    user.updated_at = event.occurred_at
    if had and not approved:
        await end_sessions_of(session, user)


CONSUMERS: Consumers = {PractitionerVerificationChanged: practitioner_verification_changed}
