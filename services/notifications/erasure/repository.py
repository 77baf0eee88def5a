"""SQL of erasure: over all tables of the schema, since a person may be named in any."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import delete, select, text

from services.notifications.channels.mail.models import Mail
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.models import StoredNotification
from services.notifications.preferences.models import MarketingConsent, Preference
from shared.database.repository import Repository

OWN = (StoredNotification, StoredFrame, Mail, Preference, MarketingConsent)


class Traces(Repository):
    """What is stored about a person, for them and for others."""

    async def erase_answers(self, user_id: UUID) -> None:
        """Removes stored answers to others about notifications that name the person."""
        await self.session.execute(text(ERASE_ANSWERS), {"user": user_id})

    async def erase_own(self, user_id: UUID) -> None:
        """Removes what was written to the person."""
        for model in OWN:
            await self.session.execute(delete(model).where(model.user_id == user_id))

    async def erase_content(self, user_id: UUID) -> None:
        """Removes what the person wrote: reasons, notes, titles."""
        for statement in ERASE_CONTENT:
            await self.session.execute(text(statement), {"user": user_id})

    async def notifications_about(self, user_id: UUID) -> Sequence[StoredNotification]:
        """Others' notifications that name the person, locked."""
        about = select(StoredNotification).where(StoredNotification.about == user_id)
        return (await self.session.scalars(about.with_for_update())).all()

    async def update_frames(self, user_id: UUID) -> None:
        """Frames say what their notifications say now, and name the person in no booking."""
        await self.session.flush()
        for statement in (RENDER_FRAMES, ERASE_CLIENT):
            await self.session.execute(text(statement), {"user": user_id})


RENDER_FRAMES = """
    update notifications.frames f
    set data = f.data || jsonb_build_object('title', n.title, 'body', n.body)
    from notifications.notifications n
    where n.about = :user and f.user_id = n.user_id and f.channel = 'notifications' and f.data ->> 'id' = n.id::text
"""
FRAMES_OF_CLIENT = """
    from notifications.bookings b
    where b.client_id = :user and f.user_id = b.practitioner_user_id
      and f.channel = 'booking-updates' and f.data ->> 'id' = b.id::text
"""
ERASE_CLIENT = f"""
    update notifications.frames f set data = jsonb_set(f.data, '{{client,name}}', 'null')
    {FRAMES_OF_CLIENT} and f.data ->> 'client' is not null
"""
ERASE_ANSWERS = """
    delete from notifications.idempotency i using notifications.notifications n
    where n.about = :user and i.principal = n.user_id and i.status is not null
      and strpos(convert_from(i.body, 'UTF8'), n.id::text) > 0
"""
ERASE_CONTENT = (
    "update notifications.notifications set params = params - 'why' where about = :user",
    "update notifications.mails set params = params - 'why' where about = :user",
    """
    update notifications.notifications
    set params = params || '{"stream": "a stream", "post": "a post that was removed"}'
    where about = :user and type = 'post.published'
    """,
    """
    update notifications.notifications set params = params || '{"subject": "something that was removed"}'
    where about = :user and type = 'comment.created'
    """,
    """
    update notifications.notifications set params = params || '{"reason": "none was given"}'
    where about = :user and type = 'payout.needs_attention'
    """,
    "delete from notifications.mails where about = :user and template = 'payout.needs_attention/staff'",
    "delete from notifications.mails where about = :user and template = 'post.published'",
    f"""
    update notifications.frames f set data = f.data || '{{"notes": null}}'
    {FRAMES_OF_CLIENT} and f.data ->> 'notes' is not null
    """,
)
