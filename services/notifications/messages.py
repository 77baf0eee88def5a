"""Unread messages: one notice per conversation until it is read, and a mail after five minutes without reading."""

from uuid import UUID

from sqlalchemy import text

from services.notifications import service, texts
from services.notifications.domain import UNREAD_FOR, Topic
from services.notifications.mails import Mails
from services.notifications.models import Unread
from services.notifications.people import ids_of
from services.notifications.repository import Notices
from services.notifications.service import Notification
from services.notifications.unread import UnreadConversations
from shared.database.session import Session
from shared.events.messaging import ConversationRead, MessageCreated, SubjectForgotten


async def message_created(session: Session, event: MessageCreated) -> None:
    """Who is away gets a notice, or finds one more message in it; a mail is due to everybody who does not read."""
    unreads = UnreadConversations(session)
    await unreads.begin(event, event.created_at + UNREAD_FOR)
    if not event.away_ids:
        return
    grown = await unreads.add_to_notices(event.conversation_id, event.away_ids)
    told = {notice.user_id for notice in grown}
    untold = [user_id for user_id in event.away_ids if user_id not in told]
    await unreads.told(event.conversation_id, untold, event.message_id)
    frames = [service.frame_of_growth(notice, session.now()) for notice in grown]
    await service.tell(session, [_notice(event, user_id) for user_id in untold], frames)


async def conversation_read(session: Session, event: ConversationRead) -> None:
    """Once everything is read, the notice is as well, and a mail that still waits has become useless."""
    if event.unread_count:
        return
    unread = await UnreadConversations(session).end(event.user_id, event.conversation_id)
    if unread is None:
        return
    if unread.told_of is not None:
        cause = _cause(unread.conversation_id, unread.told_of)
        read = await Notices(session).read(unread.user_id, cause, event.read_at)
        await service.publish(session, [service.frame_of_read(notice) for notice in read])
    await Mails(session).drop(unread.user_id, _cause(unread.conversation_id, unread.first_message_id))


async def subject_forgotten(session: Session, event: SubjectForgotten) -> None:
    """Neither notices, mails nor stored answers name the subject any more, whatever has been written already."""
    await UnreadConversations(session).forget_subject(event.conversation_id, event.member_ids)
    told = {**ids_of(event.member_ids), "begins": _cause(event.conversation_id, "%")}
    for statement in FORGET_SUBJECT:
        await session.execute(text(statement), told)


async def write(session: Session, user_id: UUID, conversation_id: UUID) -> None:
    """The mail about a conversation that has waited for five minutes; nothing where it was read meanwhile."""
    unread = await UnreadConversations(session).find_due(user_id, conversation_id)
    if unread is not None:
        unread.mail_due_at = None
        await service.tell(session, [_letter(unread)])


def _notice(event: MessageCreated, user_id: UUID) -> Notification:
    data = {
        "conversation_id": str(event.conversation_id),
        "message_id": str(event.message_id),
        "sender_id": str(event.sender_id),
        "count": 1,
    }
    return Notification(
        user_id=user_id,
        topic=Topic.MESSAGES,
        type="message.created",
        template=_template(event.subject),
        cause=_cause(event.conversation_id, event.message_id),
        facts={"subject": event.subject or ""},
        data=data,
        by_mail=False,
    )


def _letter(unread: Unread) -> Notification:
    return Notification(
        user_id=unread.user_id,
        topic=Topic.MESSAGES,
        type="message.created",
        template=_template(unread.subject),
        cause=_cause(unread.conversation_id, unread.first_message_id),
        facts={"subject": unread.subject or ""},
        data={},
        in_app=False,
    )


def _template(subject: str | None) -> str:
    return "message.created/about" if subject else "message.created"


def _cause(conversation_id: UUID, message_id: UUID | str) -> str:
    return f"message.created:{conversation_id}:{message_id}"


WORDS = texts.TEXTS["message.created"]
THEIRS = "user_id = any(cast(cast(:ids as text[]) as uuid[])) and cause like :begins"
FORGET_SUBJECT = (
    f"""
    update notifications.notices set template = 'message.created', facts = facts - 'subject',
        title = '{WORDS.title}', body = '{WORDS.body}'
    where {THEIRS}
    """,
    f"update notifications.mails set template = 'message.created', facts = facts - 'subject' where {THEIRS}",
    f"""
    update notifications.frames f set data = f.data || jsonb_build_object('title', n.title, 'body', n.body)
    from (select id, user_id, title, body from notifications.notices where {THEIRS}) n
    where f.user_id = n.user_id and f.channel = 'notifications' and f.data ->> 'id' = n.id::text
    """,
    f"""
    delete from notifications.idempotency i
    using (select id, user_id from notifications.notices where {THEIRS}) n
    where i.principal = n.user_id and i.status is not null and strpos(convert_from(i.body, 'UTF8'), n.id::text) > 0
    """,
)
