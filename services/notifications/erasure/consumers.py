"""What is left of an account: no name in what was written to others, and once erased nothing of its person."""

from collections.abc import Collection
from dataclasses import replace
from functools import partial
from uuid import UUID

from services.notifications.channels.mail.repository import Mails
from services.notifications.erasure.repository import Traces
from services.notifications.handlers import Handlers
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import render_into
from services.notifications.people.repository import People
from services.notifications.privacy import PRIVACY
from services.notifications.unread.repository import UnreadConversations
from shared.database.session import Session
from shared.events.identity import ErasureRequested, UserDeactivated
from shared.work.erasure import erase_person


async def user_deactivated(runtime: NotifyRuntime, session: Session, event: UserDeactivated) -> None:
    """Nothing more is sent to the account, or of its posts, and its name is removed from what others read."""
    await People(session).deactivate(event.user_id)
    await Mails(session).drop(event.user_id)
    await Mails(session).drop_posts_of(event.user_id)
    await UnreadConversations(session).end_all(event.user_id)
    await _remove_name(runtime, session, event.user_id)


async def erasure_requested(runtime: NotifyRuntime, session: Session, event: ErasureRequested) -> None:
    """Nothing that was written to the person, or by them, stays."""
    await erase_person(session, replace(PRIVACY, erase=partial(_erase, runtime)), event)


async def _erase(runtime: NotifyRuntime, session: Session, event: ErasureRequested) -> Collection[UUID]:
    await People(session).deactivate(event.user_id)
    await UnreadConversations(session).end_all(event.user_id)
    traces = Traces(session)
    await traces.erase_answers(event.user_id)
    await traces.erase_own(event.user_id)
    await traces.erase_content(event.user_id)
    await _remove_name(runtime, session, event.user_id)
    return ()


async def _remove_name(runtime: NotifyRuntime, session: Session, user_id: UUID) -> None:
    about = await Traces(session).notifications_about(user_id)
    people = await People(session).known({stored.user_id for stored in about})
    for stored in about:
        render_into(stored, people, runtime.settings.client_names)
    await Traces(session).update_frames(user_id)


CONSUMERS: Handlers = {UserDeactivated: user_deactivated, ErasureRequested: erasure_requested}
