"""What is left of a person who is gone: no name in what was written to others, and once erased nothing of theirs."""

from uuid import UUID

from sqlalchemy import delete, select, text

from services.notifications import service
from services.notifications.mails import Mails
from services.notifications.models import Mail, Notice, Preference, StoredFrame
from services.notifications.people import People
from services.notifications.unread import UnreadConversations
from shared.database import idempotency
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.identity import UserDeactivated

OWN = (Notice, StoredFrame, Mail, Preference)


async def user_deactivated(session: Session, event: UserDeactivated) -> None:
    """Nothing more is sent to an account that is no more, and its name is forgotten."""
    await People(session).remove(event.user_id)
    await Mails(session).drop(event.user_id)
    await UnreadConversations(session).end_all(event.user_id)
    if event.erased:
        await _erase(session, event.user_id)
    await _forget_name(session, event.user_id)


async def _erase(session: Session, user_id: UUID) -> None:
    """Removes what was written to the person, and what the person wrote: reasons, notes, titles.

    What others were answered about notices that name the person goes as well.
    """
    await session.execute(text(FORGET_ANSWERS), {"user": user_id})
    await idempotency.forget(session, user_id)
    for kind in OWN:
        await session.execute(delete(kind).where(kind.user_id == user_id))
    for statement in FORGET_WORDS:
        await session.execute(text(statement), {"user": user_id})


async def _forget_name(session: Session, user_id: UUID) -> None:
    about = select(Notice).where(Notice.about == user_id).with_for_update()
    notices = (await session.scalars(about)).all()
    people = await People(session).known({notice.user_id for notice in notices})
    for notice in notices:
        service.word(session, notice, people)
    await session.flush()
    await session.execute(text(WORD_FRAMES), {"user": user_id})
    await session.execute(text(FORGET_CLIENT), {"user": user_id})


CONSUMERS: Consumers = {UserDeactivated: user_deactivated}

WORD_FRAMES = """
    update notifications.frames f
    set data = f.data || jsonb_build_object('title', n.title, 'body', n.body)
    from notifications.notices n
    where n.about = :user and f.user_id = n.user_id and f.channel = 'notifications' and f.data ->> 'id' = n.id::text
"""
FRAMES_OF_CLIENT = """
    from notifications.bookings b
    where b.client_id = :user and f.user_id = b.practitioner_user_id
      and f.channel = 'booking-updates' and f.data ->> 'id' = b.id::text
"""
FORGET_CLIENT = f"""
    update notifications.frames f set data = jsonb_set(f.data, '{{client,name}}', 'null')
    {FRAMES_OF_CLIENT} and f.data ->> 'client' is not null
"""
FORGET_ANSWERS = """
    delete from notifications.idempotency i using notifications.notices n
    where n.about = :user and i.principal = n.user_id and i.status is not null
      and strpos(convert_from(i.body, 'UTF8'), n.id::text) > 0
"""
FORGET_WORDS = (
    "update notifications.notices set facts = facts - 'why' where about = :user",
    "update notifications.mails set facts = facts - 'why' where about = :user",
    """
    update notifications.notices set facts = facts || '{"stream": "a stream", "post": "a post that was removed"}'
    where about = :user and type = 'post.published'
    """,
    """
    update notifications.notices set facts = facts || '{"subject": "something that was removed"}'
    where about = :user and type = 'comment.created'
    """,
    "delete from notifications.mails where about = :user and template = 'post.published'",
    f"""
    update notifications.frames f set data = f.data || '{{"notes": null}}'
    {FRAMES_OF_CLIENT} and f.data ->> 'notes' is not null
    """,
)
