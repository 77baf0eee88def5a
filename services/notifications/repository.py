"""SQL of notifications. What belongs to a person is read through the person."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, any_, bindparam, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.notifications.domain import ReminderStatus, Topic
from services.notifications.models import Booking, Feed, Notice, Preference, Reminder, StoredFrame
from services.notifications.people import IDS, ids_of, writes
from shared.auth.verification import Who
from shared.database.search import says
from shared.database.session import Session, table_of, values_of
from shared.database.statements import CompiledStatement
from shared.errors import NotFound
from shared.live.sockets import Frame
from shared.records.clock import machine_now
from shared.web.pagination import Page, ordered

ORDERINGS: dict[str, ColumnElement[Any]] = {"created_at": Notice.created_at.expression}


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
            own = own.where(says(Notice.title + "\n" + Notice.body, page.search))
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

    async def read(self, user_id: UUID, cause: str, moment: datetime) -> Sequence[Notice]:
        """Marks the notice of that cause, if there is one that is unread; returns it."""
        return await self._read(moment, Notice.user_id == user_id, Notice.cause == cause)

    async def read_all(self, who: Who, moment: datetime) -> Sequence[Notice]:
        """Marks all that are unread; returns them, oldest first."""
        return sorted(await self._read(moment, Notice.user_id == who.user_id), key=lambda notice: notice.id)

    async def _read(self, moment: datetime, *which: ColumnElement[bool]) -> Sequence[Notice]:
        unread = update(Notice).where(*which, Notice.read_at.is_(None)).values(read_at=moment)
        return (await self.session.scalars(unread.returning(Notice))).all()

    def _visible_to(self, who: Who) -> Select[Any]:
        return select(Notice).where(Notice.user_id == who.user_id)


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

    async def seats(self, practitioner_user_id: UUID, start_time: datetime) -> int:
        """How many people come at that time: a practitioner cannot have two sessions at once."""
        seats = select(func.count()).where(Booking.practitioner_user_id == practitioner_user_id)
        same = (Booking.start_time == start_time, Booking.status == "confirmed")
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
FRAME = table_of(StoredFrame)
CHOICES = CompiledStatement(select(table_of(Preference)).where(table_of(Preference).c.user_id == any_(IDS)))
PUT_BOOKING = writes(Booking, "id")
ADD_NOTICE = CompiledStatement(insert(table_of(Notice)).on_conflict_do_nothing().returning(table_of(Notice).c.id))
ADD_REMINDER = CompiledStatement(insert(table_of(Reminder)).on_conflict_do_nothing())
DUE_BOOKINGS = CompiledStatement(
    select(Reminder.booking_id)
    .where(Reminder.status == ReminderStatus.SCHEDULED, Reminder.due_at <= bindparam("now"))
    .group_by(Reminder.booking_id)
    .order_by(func.min(Reminder.due_at))
    .limit(bindparam("limit"))
)
COUNT_ON = CompiledStatement(
    text("""
        insert into notifications.feeds as feed (user_id, channel, last_seq)
        select user_id::uuid, channel, added::bigint
        from unnest(cast(:users as text[]), cast(:channels as text[]), cast(:counts as text[]))
            as wanted (user_id, channel, added)
        on conflict (user_id, channel) do update set last_seq = feed.last_seq + excluded.last_seq
        returning user_id, channel, last_seq
    """)
)
ADD_FRAME = CompiledStatement(insert(FRAME).on_conflict_do_nothing())
FRAMES_AFTER = CompiledStatement(
    select(FRAME.c.seq, FRAME.c.id, FRAME.c.type, FRAME.c.data, FRAME.c.created_at)
    .where(
        FRAME.c.user_id == bindparam("user"), FRAME.c.channel == bindparam("channel"), FRAME.c.seq > bindparam("seq")
    )
    .order_by(FRAME.c.seq)
    .limit(bindparam("limit"))
)
