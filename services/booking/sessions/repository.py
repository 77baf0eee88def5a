"""Taking and giving back seats: no look before, the constraints decide."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Self
from uuid import UUID

from sqlalchemy import exists, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import TSTZRANGE, insert
from sqlalchemy.exc import IntegrityError

from services.booking.resources.domain import Need
from services.booking.resources.repository import ResourceUses, Times
from services.booking.sessions.domain import SessionLimits, SlotRules, room_name
from services.booking.sessions.errors import SlotTaken
from services.booking.sessions.models import CalendarSession
from shared.database.repository import Repository
from shared.database.session import table_of
from shared.database.statements import CompiledStatement
from shared.records.ids import new_id


@dataclass(frozen=True)
class Seat:
    """A seat to take. `limits` are those of its practitioner and of its service, `resources` what its session takes.

    An `announced` one is in a session that is there, and has them. `place_id` is the location unless that is virtual;
    what is at another place is `travel` apart.
    """

    practitioner_id: UUID
    service_id: UUID
    start: datetime
    end: datetime
    rules: SlotRules
    limits: Sequence[SessionLimits] = ()
    resources: Sequence[Need] = ()
    announced: bool = False
    location_id: UUID | None = None
    place_id: UUID | None = None
    travel: timedelta = timedelta(0)

    @property
    def times(self) -> Times:
        """Those of its session."""
        before, after = self.rules.buffer_before, self.rules.buffer_after
        return Times(self.start, self.end, self.start - before, self.end + after)

    def with_buffers(self, before: timedelta, after: timedelta) -> Self:
        """The same seat with other buffers around its session."""
        return replace(self, rules=replace(self.rules, buffer_before=before, buffer_after=after))

    def needs(self, other: CalendarSession) -> bool:
        """Whether it can only be taken when that session, of the same practitioner, is no more."""
        after = self.start < other.blocked_until and other.start_time < self.end + self.rules.buffer_after
        before = self.start - self.rules.buffer_before < other.end_time and other.blocked_from < self.end
        return after or before


@dataclass(frozen=True)
class Span:
    """Some time of a practitioner."""

    practitioner_id: UUID
    start: datetime
    end: datetime


class Sessions(Repository):
    """The calendar of all practitioners."""

    async def take(self, seat: Seat, booking_id: UUID | None) -> UUID | None:
        """The session's id with one more seat taken, or None: the slot is taken, or all of its seats are (rules 3, 4).

        The room of a one-to-one session is named after that booking, if one is given. Waits for a rival's transaction
        that is under way; so keep what follows it short.
        """
        if seat.announced:
            return await self._join(seat)
        if seat.rules.capacity == 1:
            return await self._open(seat, booking_id)
        for _ in range(3):  # a rival may open the session, or leave it as the last, between the two statements
            taken = await self._join(seat) or await self._open(seat, None)
            if taken is not None:
                return taken
        return None

    async def release(self, session_id: UUID) -> CalendarSession:
        """Gives one seat back, and answers the session as it is then.

        The last seat frees the time, unless that was announced, and with it what sessions beside it lack of buffers.
        """
        left = await self.leave(session_id)
        await self.restore_buffers(left)
        return left

    async def leave(self, session_id: UUID) -> CalendarSession:
        """`release` without the buffers of the sessions beside it, for a booking that takes another seat first.

        With the last seat it gives its units of resources back.
        """
        gone = (
            update(CalendarSession)
            .where(CalendarSession.id == session_id)
            .values(taken=CalendarSession.taken - 1, active=STAYS)
            .returning(CalendarSession)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        left = (await self.session.execute(gone)).scalar_one()
        if not left.active and not left.taken:
            await ResourceUses(self.session).give_back(session_id)
        return left

    async def find(self, session_id: UUID, *, lock: bool = False) -> CalendarSession | None:
        """The session. With `lock` no seat in it is taken or given back meanwhile."""
        statement = select(CalendarSession).where(CalendarSession.id == session_id)
        if lock:
            statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def get(self, session_id: UUID) -> CalendarSession:
        """The session, which exists, as it is now."""
        statement = select(CalendarSession).where(CalendarSession.id == session_id)
        return (await self.session.execute(statement.execution_options(populate_existing=True))).scalar_one()

    async def list_by_ids(self, ids: Collection[UUID]) -> Sequence[CalendarSession]:
        """Those sessions, in order of their starts."""
        wanted = select(CalendarSession).where(CalendarSession.id.in_(ids))
        return (await self.session.scalars(wanted.order_by(CalendarSession.start_time))).all()

    async def move(self, moved: CalendarSession, to: Seat) -> None:
        """Moves a locked session with all its seats; its own present time is free for it. Raises SlotTaken."""
        left = Span(moved.practitioner_id, moved.start_time, moved.end_time)
        moved.start_time, moved.end_time = to.start, to.end
        moved.blocked_from, moved.blocked_until = to.times.blocked_from, to.times.blocked_until
        moved.location_id, moved.place_id, moved.away_until = to.location_id, to.place_id, to.end + to.travel
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise SlotTaken from error
        await self._restore_beside(left)

    async def pad(self, service_id: UUID) -> None:
        """Gives the service's coming sessions its present buffers, each as far as no other session is in the way."""
        await self.session.execute(PAD, {"service": service_id, "now": self.session.now()})

    async def starting_in(self, practitioner_id: UUID, begin: datetime, end: datetime) -> Sequence[CalendarSession]:
        """The practitioner's sessions that start from `begin` until `end` (exclusive)."""
        taken = func.tstzrange(CalendarSession.start_time, CalendarSession.blocked_until, type_=TSTZRANGE)
        wanted = select(CalendarSession).where(
            CalendarSession.practitioner_id == practitioner_id,
            CalendarSession.active,
            taken.op("&&")(func.tstzrange(literal(begin), literal(end), type_=TSTZRANGE)),
            CalendarSession.start_time >= begin,
        )
        return (await self.session.scalars(wanted)).all()

    async def restore_buffers(self, freed: CalendarSession) -> None:
        """Extends the buffers that had to end at a session which is no more, as far as nothing else is in the way."""
        if not freed.active and not freed.taken:
            await self._restore_beside(Span(freed.practitioner_id, freed.start_time, freed.end_time))

    async def _restore_beside(self, freed: Span) -> None:
        beside = {
            "practitioner": freed.practitioner_id,
            "start": freed.start,
            "end": freed.end,
            "now": self.session.now(),
        }
        for _ in range(3):  # a rival may take some of that time between the statements
            if (await self.session.execute(SHORTENED, beside)).first() is None or await self._extend(beside):
                return

    async def _extend(self, beside: dict[str, object]) -> bool:
        await self.session.execute(text("savepoint buffers"))
        try:
            await self.session.execute(PAD_BESIDE, beside)
        except IntegrityError:
            await self.session.execute(text("rollback to savepoint buffers"))
            return False
        return True

    async def is_held(self, service_id: UUID, start: datetime) -> bool:
        """Whether a seat of that service is taken at that start, or a date was announced."""
        its = (CalendarSession.service_id == service_id, CalendarSession.start_time == start)
        held = exists().where(*its, CalendarSession.active)
        return bool((await self.session.execute(select(held))).scalar_one())

    async def room_of(self, session_id: UUID | None) -> str:
        """The name of the session's video room; a booking that takes place has one."""
        return (
            await self.session.execute(select(CalendarSession.room).where(CalendarSession.id == session_id))
        ).scalar_one()

    async def is_room_in_use(self, practitioner_id: UUID, room: str) -> bool:
        """Whether an active session of that practitioner has this room."""
        same = exists().where(
            CalendarSession.practitioner_id == practitioner_id, CalendarSession.active, CalendarSession.room == room
        )
        return bool((await self.session.execute(select(same))).scalar_one())

    async def lock_calendar(self, practitioner_id: UUID) -> None:
        """Waits until no other transaction moves bookings of this practitioner, frees time, or changes buffers.

        A move has two seats for a moment; and buffers that give way to a session would not hear that it is gone.
        """
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(practitioner_id), 0))))

    async def announce(self, seat: Seat, series_id: UUID | None) -> UUID | None:
        """The id of a new session without bookings, which takes its time; None where that is taken already."""
        return await self._insert(seat, None, {"taken": 0, "announced": True, "series_id": series_id})

    async def cancel(self, cancelled: CalendarSession) -> None:
        """The locked session takes place no more; its time is free once its last booking has gone."""
        cancelled.active, cancelled.cancelled_at = False, self.session.now()
        await self.session.flush()
        await ResourceUses(self.session).give_back(cancelled.id)

    async def _open(self, seat: Seat, booking_id: UUID | None) -> UUID | None:
        return await self._insert(seat, booking_id, {"taken": 1, "announced": False, "series_id": None})

    async def _insert(self, seat: Seat, booking_id: UUID | None, kind: dict[str, object]) -> UUID | None:
        rules, session_id, times = seat.rules, new_id(), seat.times
        row = {
            "id": session_id,
            "practitioner_id": seat.practitioner_id,
            "service_id": seat.service_id,
            "start_time": seat.start,
            "end_time": seat.end,
            "blocked_from": times.blocked_from,
            "blocked_until": times.blocked_until,
            "location_id": seat.location_id,
            "place_id": seat.place_id,
            "away_until": seat.end + seat.travel,
            "capacity": rules.capacity,
            "active": True,
            "room": room_name(session_id, booking_id),
            "created_at": self.session.now(),
            "cancelled_at": None,
            **kind,
        }
        opened = await self.session.first(OPEN, row)
        return None if opened is None else opened.id

    async def _join(self, seat: Seat) -> UUID | None:
        same = (
            CalendarSession.service_id == seat.service_id,
            CalendarSession.start_time == seat.start,
            CalendarSession.end_time == seat.end,
            CalendarSession.location_id.is_not_distinct_from(seat.location_id),
            CalendarSession.taken
            < seat.rules.capacity,  # seats are those of the service now, not of when the session opened
        )
        statement = (
            update(CalendarSession)
            .where(*same, CalendarSession.active)
            .values(
                taken=CalendarSession.taken + 1, capacity=func.greatest(CalendarSession.capacity, seat.rules.capacity)
            )
            .returning(CalendarSession.id)
            .execution_options(synchronize_session=False)
        )
        return (await self.session.execute(statement)).scalar_one_or_none()


STAYS = CalendarSession.active & (CalendarSession.announced | (CalendarSession.taken > 1))
# ON CONFLICT DO NOTHING, not a plain INSERT: rivals for one slot would otherwise deadlock. `benchmarks/holds.py`.
OPEN = CompiledStatement(
    insert(table_of(CalendarSession)).on_conflict_do_nothing().returning(table_of(CalendarSession).c.id)
)
# Starts and ends do not change, so no row's new buffer depends on another's: one statement decides them all. The ranges
# are those of the two exclusion constraints, whose indexes find what is in the way.
WANTED = """r.active and r.start_time > :now and r.service_id = o.service_id
       and (r.start_time - r.blocked_from, r.blocked_until - r.end_time) is distinct from
           (make_interval(mins => o.buffer_before_minutes), make_interval(mins => o.buffer_after_minutes))"""
# A buffer that was cut short by a session ends exactly there.
BESIDE = """r.practitioner_id = :practitioner
       and (tstzrange(r.start_time, r.blocked_until) -|- tstzrange(:start, :end)
            or tstzrange(r.blocked_from, r.end_time) -|- tstzrange(:start, :end))"""
EXTEND = f"""
    update booking.sessions r
       set blocked_from = greatest(r.start_time - make_interval(mins => o.buffer_before_minutes), (
               select max(b.end_time) from booking.sessions b
                where b.active and b.practitioner_id = r.practitioner_id and b.start_time < r.start_time
                  and tstzrange(b.start_time, b.blocked_until)
                      && tstzrange(r.start_time - make_interval(mins => o.buffer_before_minutes), r.start_time))),
           blocked_until = least(r.end_time + make_interval(mins => o.buffer_after_minutes), (
               select min(b.start_time) from booking.sessions b
                where b.active and b.practitioner_id = r.practitioner_id and b.start_time > r.start_time
                  and tstzrange(b.blocked_from, b.end_time)
                      && tstzrange(r.end_time, r.end_time + make_interval(mins => o.buffer_after_minutes))))
      from booking.service_copies o
     where {WANTED}"""
PAD = text(f"{EXTEND} and o.service_id = :service")
PAD_BESIDE = text(f"{EXTEND} and {BESIDE}")
SHORTENED = text(f"select 1 from booking.sessions r, booking.service_copies o where {WANTED} and {BESIDE} limit 1")
