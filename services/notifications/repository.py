"""SQL of notifications. What belongs to a person is read through the person."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.domain import MailStatus, ReminderStatus, Topic
from services.notifications.models import Booking, Feed, Mail, Notice, Person, Preference, Reminder, StoredFrame
from shared.auth import Who
from shared.clock import machine_now
from shared.db import Session
from shared.errors import NotFound
from shared.pagination import Page, ordered
from shared.sockets import Frame

ORDERINGS: dict[str, ColumnElement[Any]] = {"created_at": Notice.created_at.expression}


class People:
    """The address book."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def find(self, user_id: UUID) -> Person | None:
        return await self.session.get(Person, user_id)

    async def zones(self, user_ids: Iterable[UUID]) -> dict[UUID, str]:
        """The zones of those who are known."""
        found = select(Person.user_id, Person.timezone).where(Person.user_id.in_(list(user_ids)))
        return {row.user_id: row.timezone for row in await self.session.execute(found)}

    async def put(self, **person: Any) -> None:
        """Writes the person as identity's event says."""
        change = {name: value for name, value in person.items() if name != "user_id"}
        statement = insert(Person).values(**person)
        await self.session.execute(statement.on_conflict_do_update(index_elements=["user_id"], set_=change))

    async def remove(self, user_id: UUID) -> None:
        await self.session.execute(delete(Person).where(Person.user_id == user_id))

    async def add_if_unknown(self, **person: Any) -> None:
        """Keeps what a peer answered, unless an event came first: the event is not older."""
        await self.session.execute(insert(Person).values(**person).on_conflict_do_nothing())


class Preferences:
    """Who wants to hear of what, and how."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def of(self, user_id: UUID) -> dict[Topic, Preference]:
        rows = await self.session.scalars(select(Preference).where(Preference.user_id == user_id))
        return {row.topic: row for row in rows}

    async def among(self, user_ids: Iterable[UUID]) -> dict[tuple[UUID, Topic], Preference]:
        rows = await self.session.scalars(select(Preference).where(Preference.user_id.in_(list(user_ids))))
        return {(row.user_id, row.topic): row for row in rows}

    async def put(self, user_id: UUID, topic: Topic, *, email: bool, in_app: bool) -> None:
        ways = {"email": email, "in_app": in_app}
        statement = insert(Preference).values(user_id=user_id, topic=topic, **ways)
        await self.session.execute(statement.on_conflict_do_update(index_elements=["user_id", "topic"], set_=ways))


class Notices:
    """The in-app list."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add_once(self, notice: Notice) -> bool:
        """False where this person has been told this already."""
        values = {column.key: getattr(notice, column.key) for column in Notice.__table__.columns}
        added = await self.session.scalar(insert(Notice).values(**values).on_conflict_do_nothing().returning(Notice.id))
        return added is not None

    async def list(self, who: Who, page: Page) -> tuple[Sequence[Notice], int]:
        """Newest first unless asked otherwise, with the number of all."""
        own = self._visible_to(who)
        listed = ordered(own, page.ordering, ORDERINGS, "-created_at").order_by(Notice.id.desc())
        total = await self.session.scalar(select(func.count()).select_from(own.subquery()))
        return (await self.session.scalars(listed.limit(page.limit).offset(page.offset))).all(), total or 0

    async def unread(self, who: Who) -> int:
        own = select(func.count()).where(Notice.user_id == who.user_id, Notice.read_at.is_(None))
        return await self.session.scalar(own) or 0

    async def get(self, who: Who, notice_id: UUID) -> Notice:
        """Locked; raises NotFound for another's too."""
        row: Notice | None = await self.session.scalar(
            self._visible_to(who).where(Notice.id == notice_id).with_for_update()
        )
        if row is None:
            raise NotFound
        return row

    async def find_unread(self, user_id: UUID, kind: str, subject: Mapping[str, str | None]) -> Notice | None:
        """The newest unread notice of that type whose data tell of that subject, locked."""
        unread = select(Notice).where(Notice.user_id == user_id, Notice.read_at.is_(None), Notice.type == kind)
        newest = unread.where(Notice.data.contains(dict(subject))).order_by(Notice.created_at.desc()).limit(1)
        return await self.session.scalar(newest.with_for_update())

    async def read(self, user_id: UUID, cause: str, moment: datetime) -> None:
        """Marks the notice of that cause, if there is one."""
        unread = update(Notice).where(Notice.user_id == user_id, Notice.cause == cause, Notice.read_at.is_(None))
        await self.session.execute(unread.values(read_at=moment))

    async def read_all(self, who: Who, moment: datetime) -> None:
        own = update(Notice).where(Notice.user_id == who.user_id, Notice.read_at.is_(None))
        await self.session.execute(own.values(read_at=moment))

    def _visible_to(self, who: Who) -> Select[Any]:
        return select(Notice).where(Notice.user_id == who.user_id)


class Mails:
    """Mails on their way."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add_once(self, **mail: Any) -> None:
        await self.session.execute(insert(Mail).values(**mail, next_try_at=machine_now()).on_conflict_do_nothing())

    async def waiting(self) -> bool:
        """Whether any mail is to be tried now."""
        return bool(await self.session.scalar(select(exists().where(*self._due()))))

    async def next_due(self) -> Mail | None:
        """The mail that waits longest, locked; rows that another sender holds are passed over."""
        due = select(Mail).where(*self._due()).order_by(Mail.next_try_at).limit(1)
        return await self.session.scalar(due.with_for_update(skip_locked=True))

    async def get(self, mail_id: UUID) -> Mail:
        """Locked."""
        return await self.session.get_one(Mail, mail_id, with_for_update=True)

    async def silence(self, booking_id: UUID) -> None:
        """Drops what still waits to be sent about a booking: it has become untrue."""
        waiting = update(Mail).where(Mail.booking_id == booking_id, Mail.status == MailStatus.PENDING)
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))

    async def drop(self, user_id: UUID, cause: str | None = None) -> None:
        """Drops what still waits to be sent to that person, for that cause or at all."""
        waiting = update(Mail).where(Mail.user_id == user_id, Mail.status == MailStatus.PENDING)
        waiting = waiting if cause is None else waiting.where(Mail.cause == cause)
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))

    def _due(self) -> tuple[Any, Any]:
        return Mail.status == MailStatus.PENDING, Mail.next_try_at <= machine_now()


class Bookings:
    """The copies of booking's bookings."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def put(self, **booking: Any) -> None:
        """Writes the booking as its latest event says; locks it until the commit."""
        change = {name: value for name, value in booking.items() if name != "id"}
        statement = insert(Booking).values(**booking)
        await self.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=change))

    async def get(self, booking_id: UUID) -> Booking:
        """Locked."""
        return await self.session.get_one(Booking, booking_id, with_for_update=True)


class Reminders:
    """What is to be said before a start."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add_once(self, reminders: Sequence[dict[str, Any]]) -> None:
        await self.session.execute(insert(Reminder).on_conflict_do_nothing(), list(reminders))

    async def skip_scheduled(self, booking_id: UUID) -> None:
        scheduled = update(Reminder).where(
            Reminder.booking_id == booking_id, Reminder.status == ReminderStatus.SCHEDULED
        )
        await self.session.execute(scheduled.values(status=ReminderStatus.SKIPPED, settled_at=self.session.now()))

    async def due_bookings(self, limit: int) -> Sequence[UUID]:
        """Bookings with a reminder whose moment has come, those that wait longest first."""
        due = select(Reminder.booking_id).where(*self._due()).group_by(Reminder.booking_id)
        return (await self.session.scalars(due.order_by(func.min(Reminder.due_at)).limit(limit))).all()

    async def due_of(self, booking_id: UUID) -> Sequence[Reminder]:
        """The due reminders of one booking, locked; the booking's own lock was taken first."""
        due = select(Reminder).where(Reminder.booking_id == booking_id, *self._due()).order_by(Reminder.id)
        return (await self.session.scalars(due.with_for_update())).all()

    def _due(self) -> tuple[Any, Any]:
        return Reminder.status == ReminderStatus.SCHEDULED, Reminder.due_at <= self.session.now()


class Frames:
    """The stored messages of the sockets."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def append(self, frame: StoredFrame) -> None:
        """Stores the frame as the next of its channel, once per cause. Holds the channel's lock until the commit."""
        feed = insert(Feed).values(user_id=frame.user_id, channel=frame.channel, last_seq=1)
        seq = await self.session.scalar(
            feed.on_conflict_do_update(
                index_elements=["user_id", "channel"], set_={"last_seq": Feed.last_seq + 1}
            ).returning(Feed.last_seq)
        )
        values = {column.key: getattr(frame, column.key) for column in StoredFrame.__table__.columns}
        await self.session.execute(insert(StoredFrame).values(**{**values, "seq": seq}).on_conflict_do_nothing())

    async def last(self, user_id: UUID, channel: str) -> int:
        """The number of the channel's newest frame; 0 for a channel without any."""
        feed = select(Feed.last_seq).where(Feed.user_id == user_id, Feed.channel == channel)
        return await self.session.scalar(feed) or 0

    async def number_of(self, user_id: UUID, channel: str, frame_id: UUID) -> int:
        """The frame's number; 0, which is before the first, where this channel does not keep such a frame."""
        own = select(StoredFrame.seq).where(StoredFrame.user_id == user_id, StoredFrame.channel == channel)
        return await self.session.scalar(own.where(StoredFrame.id == frame_id)) or 0

    async def after(self, user_id: UUID, channel: str, seq: int, limit: int) -> Sequence[Frame]:
        """The frames behind that number, in their order."""
        own = select(StoredFrame).where(StoredFrame.user_id == user_id, StoredFrame.channel == channel)
        rows = await self.session.scalars(own.where(StoredFrame.seq > seq).order_by(StoredFrame.seq).limit(limit))
        return [Frame(row.seq, row.id, row.type, row.data, row.created_at) for row in rows]

    async def prune(self, keep: timedelta, limit: int) -> int:
        """Deletes frames stored longer ago than `keep` of machine time (the id carries it); returns how many."""
        oldest = UUID(int=int((machine_now() - keep).timestamp() * 1000) << 80)
        old = select(StoredFrame.id).where(StoredFrame.id < oldest).limit(limit)
        gone = await self.session.scalars(delete(StoredFrame).where(StoredFrame.id.in_(old)).returning(StoredFrame.id))
        return len(gone.all())
