"""Notifications that count: as long as a person has not read the first, more of the same kind are counted in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.notifications.live.models import StoredFrame
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.frames import frame_of_count
from services.notifications.notifications.models import StoredNotification
from services.notifications.notifications.repository import Notifications
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.repository import Preferences
from services.notifications.templates.domain import ZONE
from services.notifications.templates.service import render
from shared.database.session import Session


async def send_grouped(
    runtime: NotifyRuntime,
    session: Session,
    notifications: Sequence[Notification],
    subject: Mapping[str, str | None],
) -> None:
    """Counts each in the person's unread notification of its type about that subject, or begins one.

    `subject` is a part of the stored data, which also get the `count`. From the second on the text is the template with
    `/many`, which has the parameter `count` too; sockets get `notification.updated`. Once per transaction.
    """
    choices = await Preferences(session).among({item.user_id for item in notifications})
    first, frames = [], []
    for item in notifications:
        choice = choices.get((item.user_id, item.topic))
        wanted = choice is None or choice.in_app
        unread = await Notifications(session).find_unread(item.user_id, item.type, subject) if wanted else None
        if unread is None:
            first.append(replace(item, data={**item.data, **subject, "count": 1}))
        else:
            frames.append(_counted(session, unread, item, subject))
    await session.flush()
    await notify(runtime, session, first, frames)


def _counted(
    session: Session, stored: StoredNotification, item: Notification, subject: Mapping[str, str | None]
) -> StoredFrame:
    count = int(stored.data["count"]) + 1
    stored.template = f"{item.template}/many"
    stored.params = {**item.params, "count": str(count), ZONE: item.timezone}
    text = render(stored.template, stored.params, item.timezone, session.now())
    stored.title, stored.body = text.title, text.body
    stored.data = {**item.data, **subject, "count": count}
    stored.created_at = session.now()
    return frame_of_count(stored, session.now())
