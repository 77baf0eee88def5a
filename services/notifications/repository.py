"""SQL of notifications. What belongs to a person is read through the person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, bindparam, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.domain import MAIL_TRANSITIONS, MailStatus, ReminderStatus, Topic
from services.notifications.models import Booking, Feed, Mail, Notice, Person, Preference, Reminder, StoredFrame
from services.notifications.people import IDS, ids_of, writes
from shared.auth import Who
from shared.clock import machine_now
from shared.db import TIMESTAMPTZ, Session, table_of, values_of
from shared.errors import NotFound
from shared.pagination import Page, contains, ordered
from shared.sockets import Frame
from shared.statements import Prepared

ORDERINGS: dict[str, ColumnElement[Any]] = {"created_at": Notice.created_at.expression}


@dataclass(frozen=True)
class Claimed:
    """A mail to be sent now, and to whom where that is known here. `attempts` counts this one."""

    id: UUID
    user_id: UUID
    template: str
    facts: dict[str, str]
    about: UUID | None
    useful_until: datetime | None
    attempts: int
    person: Person | None

    @classmethod
    def of(cls, row: Any) -> "Claimed":
        """From a row of CLAIM."""
        address = {"email": row.email, "first_name": row.first_name, "timezone": row.timezone}
        person = Person(user_id=row.user_id, **address) if row.email else None
        return cls(row.id, row.user_id, row.template, row.facts, row.about, row.useful_until, row.attempts, person)


class Preferences:
    """Who wants to hear of what, and how."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def of(self, user_id: UUID) -> dict[Topic, Preference]:
        rows = await self.session.scalars(select(Preference).where(Preference.user_id == user_id))
        return {row.topic: row for row in rows}

    async def among(self, user_ids: Iterable[UUID]) -> dict[tuple[UUID, Topic], Any]:
        """Rows with `email` and `in_app`."""
        rows = await self.session.run(CHOICES, ids_of(user_ids))
        return {(row.user_id, row.topic): row for row in rows}

    async def put(self, user_id: UUID, topic: Topic, *, email: bool, in_app: bool) -> None:
        ways = {"email": email, "in_app": in_app}
        statement = insert(Preference).values(user_id=user_id, topic=topic, **ways)
        await self.session.execute(statement.on_conflict_do_update(index_elements=["user_id", "topic"], set_=ways))


class Notices:
    """The in-app list."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add_once(self, notices: Sequence[Notice]) -> list[Notice]:
        """Stores them; returns those of which their person had not been told already."""
        added = {row.id for row in await self.session.run_many(ADD_NOTICE, [values_of(notice) for notice in notices])}
        return [notice for notice in notices if notice.id in added]

    async def list(self, who: Who, page: Page) -> tuple[Sequence[Notice], int]:
        """Newest first unless asked otherwise, with the number of all; `search` looks into titles and bodies."""
        own = self._visible_to(who)
        if page.search is not None:
            own = own.where(or_(contains(Notice.title, page.search), contains(Notice.body, page.search)))
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

    async def add_once(self, mails: Sequence[Mapping[str, Any]]) -> None:
        """Stores those of which their person had not been told already."""
        now = machine_now()
        await self.session.run_many(ADD_MAIL, [{**mail, "next_try_at": now} for mail in mails])

    async def waiting(self) -> bool:
        """Whether any mail is to be tried now."""
        return bool(await self.session.run(WAITING, {"now": machine_now()}))

    async def claim(self, lease: timedelta) -> Claimed | None:
        """The mail that waits longest, with its address, ours for that long; mails that others hold are passed over."""
        now = machine_now()
        row = await self.session.first(CLAIM, {"now": now, "leased_until": now + lease})
        return None if row is None else Claimed.of(row)

    async def sent(self, mail_id: UUID) -> None:
        """Notes that it went out, also where it was dropped on its way."""
        await self.session.run(MARK_SENT, {"mail_id": mail_id, "sent_at": machine_now()})

    async def find(self, mail_id: UUID) -> Mail | None:
        """Locked; None once its person was erased."""
        return await self.session.get(Mail, mail_id, with_for_update=True)

    async def silence(self, booking_id: UUID) -> None:
        """Drops what still waits to be sent about a booking: it has become untrue.

        What the practitioner is to read of a session goes on while another seat of it is booked.
        """
        other = (
            select(Booking)
            .where(Booking.practitioner_user_id == Mail.user_id, Booking.status == "confirmed")
            .where(Booking.id != booking_id, Booking.start_time == Mail.facts["start"].astext.cast(TIMESTAMPTZ))
            .limit(1)
        )
        seat = {column: other.with_only_columns(column).scalar_subquery() for column in (Booking.id, Booking.client_id)}
        theirs = update(Mail).where(Mail.booking_id == booking_id, Mail.status == MailStatus.PENDING)
        to = {"booking_id": seat[Booking.id], "about": seat[Booking.client_id]}
        await self.session.execute(theirs.where(seat[Booking.id].is_not(None)).values(to))
        waiting = update(Mail).where(Mail.booking_id == booking_id, Mail.status == MailStatus.PENDING)
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))

    async def drop(self, user_id: UUID, cause: str | None = None) -> None:
        """Drops what still waits to be sent to that person, for that cause or at all."""
        waiting = update(Mail).where(Mail.user_id == user_id, Mail.status == MailStatus.PENDING)
        waiting = waiting if cause is None else waiting.where(Mail.cause == cause)
        await self.session.execute(waiting.values(status=MailStatus.DROPPED))


class Bookings:
    """The copies of booking's bookings."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def put(self, **booking: Any) -> None:
        """Writes the booking as its latest event says; locks it until the commit."""
        await self.session.run(PUT_BOOKING, booking)

    async def get(self, booking_id: UUID) -> Booking:
        """Locked."""
        return await self.session.get_one(Booking, booking_id, with_for_update=True)

    async def seats_beside(self, booking: Booking) -> int:
        """How many people come at that time: a practitioner cannot have two sessions at once."""
        seats = select(func.count()).where(Booking.practitioner_user_id == booking.practitioner_user_id)
        same = (Booking.start_time == booking.start_time, Booking.status == "confirmed")
        return await self.session.scalar(seats.where(*same)) or 0


class Reminders:
    """What is to be said before a start."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def add_once(self, reminders: Sequence[dict[str, Any]]) -> None:
        await self.session.run_many(ADD_REMINDER, reminders)

    async def skip_scheduled(self, booking_id: UUID) -> None:
        scheduled = update(Reminder).where(
            Reminder.booking_id == booking_id, Reminder.status == ReminderStatus.SCHEDULED
        )
        await self.session.execute(scheduled.values(status=ReminderStatus.SKIPPED, settled_at=self.session.now()))

    async def due_bookings(self, limit: int) -> Sequence[UUID]:
        """Bookings with a reminder whose moment has come, those that wait longest first."""
        due = await self.session.run(DUE_BOOKINGS, {"now": self.session.now(), "limit": limit})
        return [row.booking_id for row in due]

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

    async def append(self, frames: Sequence[StoredFrame]) -> None:
        """Stores each frame as the next of its channel, once per cause. Holds the channels' locks until the commit.

        The locks are taken in one order by everybody, so nobody deadlocks who calls this once per transaction.
        """
        if not frames:
            return
        counts = sorted(Counter((frame.user_id, frame.channel) for frame in frames).items())
        wanted = {
            "users": [str(user_id) for (user_id, _), _ in counts],
            "channels": [channel for (_, channel), _ in counts],
            "counts": [str(count) for _, count in counts],
        }
        feeds = await self.session.run(COUNT_ON, wanted)
        last = {(row.user_id, row.channel): row.last_seq for row in feeds}
        rows = []
        for frame in reversed(frames):
            rows.append({**values_of(frame), "seq": last[frame.user_id, frame.channel]})
            last[frame.user_id, frame.channel] -= 1
        await self.session.run_many(ADD_FRAME, rows)

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
        feed = {"user": user_id, "channel": channel, "seq": seq, "limit": limit}
        return [Frame(*row) for row in await self.session.run(FRAMES_AFTER, feed)]

    async def prune(self, keep: timedelta, limit: int) -> int:
        """Deletes frames stored longer ago than `keep` of machine time (the id carries it); returns how many."""
        oldest = UUID(int=int((machine_now() - keep).timestamp() * 1000) << 80)
        old = select(StoredFrame.id).where(StoredFrame.id < oldest).limit(limit)
        gone = await self.session.scalars(delete(StoredFrame).where(StoredFrame.id.in_(old)).returning(StoredFrame.id))
        return len(gone.all())


# Built once, without the ORM: every booking that is confirmed passes here.
MAIL, FRAME = table_of(Mail), table_of(StoredFrame)
CHOICES = Prepared(select(table_of(Preference)).where(table_of(Preference).c.user_id == any_(IDS)))
PUT_BOOKING = writes(Booking, "id")
ADD_NOTICE = Prepared(insert(table_of(Notice)).on_conflict_do_nothing().returning(table_of(Notice).c.id))
ADD_REMINDER = Prepared(insert(table_of(Reminder)).on_conflict_do_nothing())
DUE_BOOKINGS = Prepared(
    select(Reminder.booking_id)
    .where(Reminder.status == ReminderStatus.SCHEDULED, Reminder.due_at <= bindparam("now"))
    .group_by(Reminder.booking_id)
    .order_by(func.min(Reminder.due_at))
    .limit(bindparam("limit"))
)
ADD_MAIL = Prepared(insert(MAIL).on_conflict_do_nothing())
MAIL_IS_DUE = (MAIL.c.status == MailStatus.PENDING, MAIL.c.next_try_at <= bindparam("now"))
WAITING = Prepared(select(MAIL.c.id).where(*MAIL_IS_DUE).limit(1))
NEXT_MAIL = (
    select(MAIL.c.id).where(*MAIL_IS_DUE).order_by(MAIL.c.next_try_at).limit(1).with_for_update(skip_locked=True)
)
CLAIMED = (
    update(MAIL)
    .where(MAIL.c.id == NEXT_MAIL.scalar_subquery())
    .values(attempts=MAIL.c.attempts + 1, next_try_at=bindparam("leased_until"))
    .returning(
        *(MAIL.c.id, MAIL.c.user_id, MAIL.c.template, MAIL.c.facts, MAIL.c.about, MAIL.c.useful_until, MAIL.c.attempts)
    )
    .cte("claimed")
)
CLAIM = Prepared(
    select(CLAIMED, Person.email, Person.first_name, Person.timezone).outerjoin(
        Person, Person.user_id == CLAIMED.c.user_id
    )
)
MAY_BE_SENT = [status for status, after in MAIL_TRANSITIONS.items() if MailStatus.SENT in after]
MARK_SENT = Prepared(
    update(MAIL)
    .where(MAIL.c.id == bindparam("mail_id"), or_(*(MAIL.c.status == status for status in MAY_BE_SENT)))
    .values(status=MailStatus.SENT, last_error=None)
)
COUNT_ON = Prepared(
    text("""
        insert into notifications.feeds as feed (user_id, channel, last_seq)
        select user_id::uuid, channel, added::bigint
        from unnest(cast(:users as text[]), cast(:channels as text[]), cast(:counts as text[]))
            as wanted (user_id, channel, added)
        on conflict (user_id, channel) do update set last_seq = feed.last_seq + excluded.last_seq
        returning user_id, channel, last_seq
    """)
)
ADD_FRAME = Prepared(insert(FRAME).on_conflict_do_nothing())
FRAMES_AFTER = Prepared(
    select(FRAME.c.seq, FRAME.c.id, FRAME.c.type, FRAME.c.data, FRAME.c.created_at)
    .where(
        FRAME.c.user_id == bindparam("user"), FRAME.c.channel == bindparam("channel"), FRAME.c.seq > bindparam("seq")
    )
    .order_by(FRAME.c.seq)
    .limit(bindparam("limit"))
)
