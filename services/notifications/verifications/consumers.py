"""What follows from a decision about a practitioner."""

from services.notifications.channels.mail.repository import Mails
from services.notifications.handlers import Handlers
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.people.consumers import practitioner_changed
from services.notifications.preferences.domain import Topic
from services.notifications.templates.texts import TEXTS
from shared.database.session import Session
from shared.events.catalog import PractitionerVerificationChanged


async def practitioner_verification_changed(
    runtime: NotifyRuntime, session: Session, event: PractitionerVerificationChanged
) -> None:
    """A decision replaces the one before. Of `pending`, the practitioner's own application, no one is notified."""
    await practitioner_changed(runtime, session, event)
    kind = f"verification.{event.verification_status}"
    if kind not in TEXTS:
        return
    await Mails(session).drop(event.user_id, templates="verification.")
    notification = Notification(
        user_id=event.user_id,
        topic=Topic.ACCOUNT,
        type=kind,
        template=kind,
        cause=f"{kind}:{event.practitioner_id}:{event.version}",
        params={"name": event.display_name, "note": event.note or ""},
        data={"practitioner_id": str(event.practitioner_id), "verification_status": event.verification_status},
        timezone=event.timezone,
    )
    await notify(runtime, session, [notification])


CONSUMERS: Handlers = {PractitionerVerificationChanged: practitioner_verification_changed}
