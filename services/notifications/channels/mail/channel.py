"""Mail as a channel: what is to be sent is stored in the transaction of the notification, and jobs are woken."""

from collections.abc import Collection, Sequence
from typing import Any

from services.notifications.channels.mail.domain import Lane, lane_of
from services.notifications.channels.mail.repository import Mails
from services.notifications.notifications.domain import Notification
from services.notifications.preferences.domain import ChannelName
from services.notifications.templates.domain import ZONE
from shared.database.session import Session


class MailChannel:
    """Implements `notifications.channel.Channel`."""

    name: ChannelName = "email"

    async def enqueue(self, session: Session, notifications: Sequence[Notification]) -> None:
        """Stores a mail for each."""
        if notifications:
            await Mails(session).add_once([_row(session, item) for item in notifications])
            _wake(session, {lane_of(item.topic) for item in notifications})


def _wake(session: Session, lanes: Collection[Lane]) -> None:
    if Lane.AWAITED in lanes:
        session.wake_jobs_after_commit("send_awaited_mails")
    if Lane.BULK in lanes:
        session.wake_jobs_after_commit("send_mails")


def _row(session: Session, item: Notification) -> dict[str, Any]:
    return {
        "user_id": item.user_id,
        "cause": item.cause,
        "template": item.template,
        "params": {**item.params, ZONE: item.timezone},
        "about": item.about,
        "lane": lane_of(item.topic),
        "booking_id": item.booking_id,
        "useful_until": item.useful_until,
        "created_at": session.now(),
    }
