"""The use cases of notifications: tell people once, in the way that they chose; let them read and choose."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from services.notifications import texts
from services.notifications.domain import Lane, Topic, lane_of
from services.notifications.mails import Mails
from services.notifications.models import Notice, StoredFrame
from services.notifications.people import Known, People
from services.notifications.repository import Frames, Notices, Preferences
from services.notifications.schemas import NoticeView, PreferencesChange
from services.notifications.settings import settings_of
from shared.auth.verification import Who
from shared.database.session import Session
from shared.events.notifications import NotificationCreated
from shared.live.sockets import Hints
from shared.messaging.outbox import emit
from shared.records.ids import new_id

NOTICES = "notifications"
BOOKING_UPDATES = "booking-updates"


@dataclass(frozen=True)
class Notification:
    """What one person is to be told. `cause` names the occasion: for one cause a person is told once.

    `about` is the other person whom the words name.
    """

    user_id: UUID
    topic: Topic
    type: str
    template: str
    cause: str
    facts: texts.Params
    data: dict[str, Any]
    timezone: str = "UTC"  # for a recipient who has not named a zone
    by_mail: bool = True
    in_app: bool = True
    about: UUID | None = None
    booking_id: UUID | None = None
    useful_until: datetime | None = None


@dataclass(frozen=True)
class Recipients:
    """What is known of the people who are to be told or named, and what they chose."""

    people: Mapping[UUID, Known] = field(default_factory=dict)
    choices: dict[tuple[UUID, Topic], Any] = field(default_factory=dict)

    def wants(self, item: Notification, way: Literal["email", "in_app"]) -> bool:
        """Whether the person has not switched that way off for this topic."""
        choice = self.choices.get((item.user_id, item.topic))
        return choice is None or bool(getattr(choice, way))


async def tell(
    session: Session,
    news: Sequence[Notification],
    frames: Sequence[StoredFrame] = (),
    people: Mapping[UUID, Known] | None = None,
) -> None:
    """Writes notices, mails and frames. Once per transaction: it locks the feeds in one order for everybody.

    `people` is what is known of all whom the news is for or about, where the caller has looked already.
    """
    told = await _told(session, news, people) if news else Recipients()
    noticed = await _notice(session, [item for item in news if item.in_app and told.wants(item, "in_app")], told)
    await _mail(session, [item for item in news if item.by_mail and told.wants(item, "email")])
    await publish(session, [*frames, *noticed])


async def _told(session: Session, news: Sequence[Notification], people: Mapping[UUID, Known] | None) -> Recipients:
    recipients = {item.user_id for item in news}
    named = {item.about for item in news if item.about is not None}
    known = await People(session).known(recipients | named) if people is None else people
    return Recipients(known, await Preferences(session).among(recipients))


async def publish(session: Session, frames: Sequence[StoredFrame]) -> None:
    """Stores the frames and, after the commit, tells the sockets to look."""
    await Frames(session).append(frames)
    hints = cast(Hints, session.info["hints"])
    hints.after_commit(session, [feed_key(frame.user_id, frame.channel) for frame in frames])


def feed_key(user_id: UUID, channel: str) -> str:
    return f"{channel}:{user_id}"


async def _notice(session: Session, news: Sequence[Notification], told: Recipients) -> list[StoredFrame]:
    notices = await Notices(session).add_once([_notice_of(session, item, told) for item in news])
    for notice in notices:
        created = NotificationCreated(notification_id=notice.id, user_id=notice.user_id, notification_type=notice.type)
        emit(session, created)
    return [frame_of_notice(notice) for notice in notices]


def _notice_of(session: Session, item: Notification, told: Recipients) -> Notice:
    facts = {**item.facts, texts.ZONE: item.timezone}
    notice = Notice(
        id=new_id(),
        user_id=item.user_id,
        cause=item.cause,
        type=item.type,
        data=item.data,
        template=item.template,
        facts=facts,
        about=item.about,
        created_at=session.now(),
    )
    word(session, notice, told.people)
    return notice


def word(session: Session, notice: Notice, people: Mapping[UUID, Known]) -> None:
    """Writes the notice's words from its template and facts, with the names that are known now."""
    reader, named = people.get(notice.user_id), people.get(notice.about) if notice.about else None
    zone = (reader and reader.timezone) or notice.facts[texts.ZONE]
    names = named.names(settings_of(session).client_names) if named else {}
    words = texts.render(str(notice.template), notice.facts | names, zone, notice.created_at)
    notice.title, notice.body = words.title, words.body


def frame_of_notice(notice: Notice) -> StoredFrame:
    """The frame that brings a new notice to the person's sockets."""
    return _frame(notice, "notification.created", str(notice.id), notice.created_at)


def frame_of_growth(notice: Notice, at: datetime) -> StoredFrame:
    """The frame that says that a notice counts more than before."""
    return _frame(notice, "notification.updated", f"{notice.id}:{notice.data['count']}", at)


def frame_of_read(notice: Notice) -> StoredFrame:
    """The frame that says that a notice was read, which happens once."""
    return _frame(notice, "notification.updated", f"{notice.id}:read", notice.read_at or notice.created_at)


def _frame(notice: Notice, kind: str, cause: str, at: datetime) -> StoredFrame:
    # Each change of a notice has a cause of its own.
    return StoredFrame(
        id=new_id(),
        user_id=notice.user_id,
        channel=NOTICES,
        cause=cause,
        type=kind,
        data=NoticeView.model_validate(notice).model_dump(mode="json"),
        created_at=at,
    )


async def _mail(session: Session, news: Sequence[Notification]) -> None:
    mails = [
        {
            "user_id": item.user_id,
            "cause": item.cause,
            "template": item.template,
            "facts": {**item.facts, texts.ZONE: item.timezone},
            "about": item.about,
            "lane": lane_of(item.topic),
            "booking_id": item.booking_id,
            "useful_until": item.useful_until,
            "created_at": session.now(),
        }
        for item in news
    ]
    if mails:
        await Mails(session).add_once(mails)
        _wake(session, {lane_of(item.topic) for item in news})


def _wake(session: Session, lanes: Collection[Lane]) -> None:
    if Lane.AWAITED in lanes:
        session.wake_jobs_after_commit("send_awaited_mails")
    if Lane.BULK in lanes:
        session.wake_jobs_after_commit("send_mails")


async def mark_read(session: Session, who: Who, notice_id: UUID) -> Notice:
    """Reading again keeps the first moment; another's notice is NotFound. The person's other sockets hear of it."""
    notice = await Notices(session).get(who, notice_id)
    if notice.read_at is None:
        notice.read_at = session.now()
        await publish(session, [frame_of_read(notice)])
    return notice


async def mark_all_read(session: Session, who: Who) -> None:
    """As `mark_read` for each that is unread."""
    read = await Notices(session).read_all(who, session.now())
    await publish(session, [frame_of_read(notice) for notice in read])


async def change_preferences(session: Session, who: Who, change: PreferencesChange) -> None:
    """Sets the topics that are given; from the next news on."""
    for topic, ways in change.ways().items():
        await Preferences(session).put(who.user_id, topic, email=ways.email, in_app=ways.in_app)
