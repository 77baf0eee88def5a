"""Notices that grow: as long as somebody has not read the first, more of the same kind join it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from services.notifications import service, texts
from services.notifications.models import Notice, StoredFrame
from services.notifications.repository import Notices, Preferences
from services.notifications.service import Notification
from shared.database.session import Session


async def send_grouped(session: Session, news: Sequence[Notification], subject: Mapping[str, str | None]) -> None:
    """Adds each news to the person's unread notice of its type about that subject, or begins one.

    `subject` is a part of the notice's data; `data` also gets the `count`. From the second on, the words are those of
    the template with `/many`, which knows `count` too. The sockets hear `notification.updated`. Once per transaction.
    """
    choices = await Preferences(session).among({item.user_id for item in news})
    first, frames = [], []
    for item in news:
        choice = choices.get((item.user_id, item.topic))
        wanted = choice is None or choice.in_app
        unread = await Notices(session).find_unread(item.user_id, item.type, subject) if wanted else None
        if unread is None:
            first.append(replace(item, data={**item.data, **subject, "count": 1}))
        else:
            frames.append(_grown(session, unread, item, subject))
    await session.flush()
    await service.tell(session, first, frames)


def _grown(session: Session, notice: Notice, item: Notification, subject: Mapping[str, str | None]) -> StoredFrame:
    count = int(notice.data["count"]) + 1
    notice.template = f"{item.template}/many"
    notice.facts = {**item.facts, "count": str(count), texts.ZONE: item.timezone}
    words = texts.render(notice.template, notice.facts, item.timezone, session.now())
    notice.title, notice.body = words.title, words.body
    notice.data = {**item.data, **subject, "count": count}
    notice.created_at = session.now()
    return service.frame_of_growth(notice, session.now())
