"""The use cases of notifications: notify people once, through the channels that they chose; let them read."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from services.notifications.live.models import StoredFrame
from services.notifications.live.service import publish
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.frames import frame_of_new, frame_of_read
from services.notifications.notifications.models import StoredNotification
from services.notifications.notifications.repository import Notifications
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.people.repository import KnownPerson, People
from services.notifications.preferences.domain import MARKETING, MARKETING_PURPOSES, ChannelName, Topic
from services.notifications.preferences.repository import MarketingConsents, Preferences
from services.notifications.templates.domain import ZONE
from services.notifications.templates.service import render
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.notifications import NotificationCreated
from shared.messaging.outbox import emit
from shared.records.ids import new_id
from shared.records.names import NameForm

Known = Mapping[UUID, KnownPerson]


@dataclass(frozen=True)
class Recipients:
    """What is known of the people who are notified or named, what they chose, and whose account is closed."""

    people: Known = field(default_factory=dict)
    choices: Mapping[tuple[UUID, Topic], Any] = field(default_factory=dict)
    consenting: Mapping[ChannelName, Collection[UUID]] = field(default_factory=dict)
    gone: Collection[UUID] = frozenset()

    def wants(self, item: Notification, channel: ChannelName) -> bool:
        """Whether the person has not switched that channel off for this topic, and consents to news and offers.

        Of whoever's account is closed nothing is stored: it may have been erased before the event came.
        """
        if item.user_id in self.gone:
            return False
        if item.template.startswith(MARKETING) and channel in MARKETING_PURPOSES:
            return item.user_id in self.consenting.get(channel, ())
        choice = self.choices.get((item.user_id, item.topic))
        return choice is None or bool(getattr(choice, channel))


async def notify(
    runtime: NotifyRuntime,
    session: Session,
    notifications: Sequence[Notification],
    frames: Sequence[StoredFrame] = (),
    people: Known | None = None,
) -> None:
    """Stores them, hands them to the channels and publishes frames. Once per transaction: it locks feeds in one order.

    `people` is what is known of all recipients and all who are named, where the caller has looked already.
    """
    recipients = await _recipients(session, notifications, people) if notifications else Recipients()
    in_app = [item for item in notifications if item.in_app and recipients.wants(item, "in_app")]
    stored = await _store(runtime, session, in_app, recipients.people)
    for channel in runtime.channels:
        wanted = [item for item in notifications if item.outbound and recipients.wants(item, channel.name)]
        await channel.enqueue(session, wanted)
    await publish(runtime.broadcaster, session, [*frames, *map(frame_of_new, stored)])


async def _recipients(session: Session, notifications: Sequence[Notification], people: Known | None) -> Recipients:
    readers = {item.user_id for item in notifications}
    named = {item.about for item in notifications if item.about is not None}
    known = await People(session).known(readers | named) if people is None else people
    offered = {item.user_id for item in notifications if item.template.startswith(MARKETING)}
    gone = await People(session).deactivated_among(readers - known.keys())
    return Recipients(known, await Preferences(session).among(readers), await _consenting(session, offered), gone)


async def _consenting(session: Session, user_ids: Collection[UUID]) -> Mapping[ChannelName, Collection[UUID]]:
    if not user_ids:
        return {}
    consents = MarketingConsents(session)
    return {channel: await consents.given(user_ids, purpose) for channel, purpose in MARKETING_PURPOSES.items()}


async def _store(
    runtime: NotifyRuntime, session: Session, notifications: Sequence[Notification], people: Known
) -> list[StoredNotification]:
    form = runtime.settings.client_names
    rows = [_row(session, item) for item in notifications]
    for row in rows:
        render_into(row, people, form)
    added = await Notifications(session).add_once(rows)
    for row in added:
        emit(session, NotificationCreated(notification_id=row.id, user_id=row.user_id, notification_type=row.type))
    return added


def _row(session: Session, item: Notification) -> StoredNotification:
    return StoredNotification(
        id=new_id(),
        user_id=item.user_id,
        cause=item.cause,
        type=item.type,
        data=dict(item.data),
        template=item.template,
        params={**item.params, ZONE: item.timezone},
        about=item.about,
        created_at=session.now(),
    )


def render_into(stored: StoredNotification, people: Known, form: NameForm) -> None:
    """Sets title and body from template and parameters, with the names that are known, as of its creation."""
    reader, named = people.get(stored.user_id), people.get(stored.about) if stored.about else None
    zone = (reader and reader.timezone) or stored.params[ZONE]
    params = stored.params | (named.names(form) if named else {})
    text = render(str(stored.template), params, zone, stored.created_at)
    stored.title, stored.body = text.title, text.body


async def mark_read(
    runtime: NotifyRuntime, session: Session, notification_id: UUID, caller: Caller
) -> StoredNotification:
    """Reading again keeps the first moment; another's is NotFound. The person's other sockets are updated."""
    stored = await Notifications(session).get(notification_id, caller)
    if stored.read_at is None:
        stored.read_at = session.now()
        await publish(runtime.broadcaster, session, [frame_of_read(stored)])
    return stored


async def mark_all_read(runtime: NotifyRuntime, session: Session, caller: Caller) -> None:
    """As `mark_read` for each that is unread."""
    marked = await Notifications(session).mark_all_read(caller, session.now())
    await publish(runtime.broadcaster, session, [frame_of_read(one) for one in marked])
