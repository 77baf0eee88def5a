"""Notifies staff. Which accounts those are is asked when they are notified."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from services.notifications.channels.mail.repository import Mails
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from services.notifications.staff.models import StaffNotification
from services.notifications.staff.repository import StaffNotifications
from shared.database.session import Session


async def store(
    session: Session,
    template: str,
    cause: str,
    params: Mapping[str, str],
    data: Mapping[str, str],
    about: UUID | None = None,
) -> None:
    """Once per cause; the notifications' type is what the template's name begins with."""
    row = {"template": template, "cause": cause, "params": params, "data": data, "about": about}
    await StaffNotifications(session).add_once(**row)
    session.wake_jobs_after_commit("notify_staff")


async def withdraw_payout(session: Session, payout_id: UUID) -> None:
    """Nothing more is sent of an older state of that payout, neither to staff nor to its practitioner."""
    await Mails(session).drop_payout(payout_id)
    await StaffNotifications(session).remove_payout(payout_id)


async def notify_all(runtime: NotifyRuntime, session: Session, item: StaffNotification, staff: Sequence[UUID]) -> None:
    """Notifies these accounts of it, and removes it."""
    notifications = [
        Notification(
            user_id=user_id,
            topic=Topic.PAYMENTS,
            type=item.template.partition("/")[0],
            template=item.template,
            cause=item.cause,
            params=item.params,
            data=item.data,
            about=item.about,
        )
        for user_id in staff
    ]
    await StaffNotifications(session).remove(item.id)
    await notify(runtime, session, notifications)
