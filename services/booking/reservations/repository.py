"""Taking and giving back seats. The constraints decide; nothing here looks before it leaps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, literal, select, text, update
from sqlalchemy.dialects.postgresql import TSTZRANGE, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import ColumnElement

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.errors import SlotTaken
from services.booking.reservations.domain import room_name
from services.booking.reservations.models import Reservation
from services.booking.schedules.domain import Busy, SlotRules
from shared.database.session import Session, table_of
from shared.database.statements import CompiledStatement
from shared.records.ids import new_id

MARGIN = timedelta(days=1)


@dataclass(frozen=True)
class Seat:
    """A seat that somebody wants."""

    practitioner_id: UUID
    service_id: UUID
    start: datetime
    end: datetime
    rules: SlotRules


@dataclass(frozen=True)
class Span:
    """Some time of a practitioner."""

    practitioner_id: UUID
    start: datetime
    end: datetime


class Reservations:
    """The calendar of all practitioners."""

    def __init__(self, session: Session) -> None:
        """Within that transaction."""
        self.session = session

    async def take(self, seat: Seat, booking_id: UUID | None) -> UUID | None:
        """The session's id with one more seat taken, or None: somebody has the slot, or all of its seats (rules 3, 4).

        The room of a one-to-one session is named after that booking, if one is given. Waits for a rival's transaction
        that is under way; so keep what follows it short.
        """
        if seat.rules.capacity == 1:
            return await self._open(seat, booking_id)
        for _ in range(3):  # a session may be opened, or given up by its last client, between the two statements
            taken = await self._join(seat) or await self._open(seat, None)
            if taken is not None:
                return taken
        return None

    async def release(self, booking: Booking) -> Reservation | None:
        """Gives the booking's seat back; None if it holds none.

        The session's last seat frees the time, and with it what the sessions beside it lack of their buffers.
        """
        left = await self.leave(booking)
        if left is not None:
            await self.restore_buffers(left)
        return left

    async def leave(self, booking: Booking) -> Reservation | None:
        """`release` without the buffers of the sessions beside it, for a booking that takes another seat first."""
        if booking.reservation_id is None:
            return None
        gone = (
            update(Reservation)
            .where(Reservation.id == booking.reservation_id)
            .values(taken=Reservation.taken - 1, active=Reservation.taken > 1)
            .returning(Reservation)
            .execution_options(synchronize_session=False, populate_existing=True)
        )
        booking.reservation_id = None
        return (await self.session.execute(gone)).scalar_one()

    async def find(self, session_id: UUID, *, lock: bool = False) -> Reservation | None:
        """The session, whoever asks. With `lock` nobody takes or gives back a seat in it meanwhile."""
        statement = select(Reservation).where(Reservation.id == session_id)
        if lock:
            statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def move(self, reservation: Reservation, to: Seat) -> None:
        """Moves a locked session with all its seats; its own present time is free for it. Raises SlotTaken."""
        left = Span(reservation.practitioner_id, reservation.start_time, reservation.end_time)
        reservation.start_time, reservation.end_time = to.start, to.end
        reservation.blocked_from = to.start - to.rules.buffer_before
        reservation.blocked_until = to.end + to.rules.buffer_after
        try:
            await self.session.flush()
        except IntegrityError as error:
            raise SlotTaken from error
        await self._restore_beside(left)

    async def pad(self, service_id: UUID) -> None:
        """Gives the service's coming sessions its present buffers, each as far as no other session is in the way."""
        await self.session.execute(PAD, {"service": service_id, "now": self.session.now()})

    async def restore_buffers(self, freed: Reservation) -> None:
        """Extends the buffers that had to end at a session which is no more, as far as nothing else is in the way."""
        if not freed.active:
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

    async def room_of(self, session_id: UUID | None) -> str:
        """The name of the session's video room; a booking that takes place has one."""
        return (await self.session.execute(select(Reservation.room).where(Reservation.id == session_id))).scalar_one()

    async def is_room_in_use(self, practitioner_id: UUID, room: str) -> bool:
        """Whether an active session of that practitioner has this room."""
        same = exists().where(
            Reservation.practitioner_id == practitioner_id, Reservation.active, Reservation.room == room
        )
        return bool((await self.session.execute(select(same))).scalar_one())

    async def lock_calendar(self, practitioner_id: UUID) -> None:
        """Waits for the turn to move bookings of this practitioner: moves hold one seat while they ask for another."""
        await self.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(practitioner_id), 0))))

    async def busy(
        self, practitioner_id: UUID, service_id: UUID, capacity: int, first: datetime, until: datetime, now: datetime
    ) -> list[Busy]:
        """What is taken around a span of time, from the point of view of one service of `capacity` seats a slot.

        Overdue holds count as free.
        """
        overdue = select(func.count()).where(_overdue(now), Booking.reservation_id == Reservation.id).scalar_subquery()
        live = (Reservation.taken - overdue).label("live")
        taken = func.tstzrange(Reservation.start_time, Reservation.blocked_until, type_=TSTZRANGE)
        span = func.tstzrange(literal(first - MARGIN), literal(until + MARGIN), type_=TSTZRANGE)
        wanted = select(Reservation, live).where(
            Reservation.practitioner_id == practitioner_id, Reservation.active, taken.op("&&")(span)
        )
        rows = (await self.session.execute(wanted)).all()
        return [_busy(row, left, service_id, capacity) for row, left in rows if left > 0]

    async def _open(self, seat: Seat, booking_id: UUID | None) -> UUID | None:
        rules, session_id = seat.rules, new_id()
        row = {
            "id": session_id,
            "practitioner_id": seat.practitioner_id,
            "service_id": seat.service_id,
            "start_time": seat.start,
            "end_time": seat.end,
            "blocked_from": seat.start - rules.buffer_before,
            "blocked_until": seat.end + rules.buffer_after,
            "capacity": rules.capacity,
            "taken": 1,
            "active": True,
            "room": room_name(session_id, booking_id),
            "created_at": self.session.now(),
        }
        opened = await self.session.first(OPEN, row)
        return None if opened is None else opened.id

    async def _join(self, seat: Seat) -> UUID | None:
        same = (
            Reservation.service_id == seat.service_id,
            Reservation.start_time == seat.start,
            Reservation.end_time == seat.end,
            Reservation.taken
            < seat.rules.capacity,  # seats are those of the service now, not of when the session opened
        )
        statement = (
            update(Reservation)
            .where(*same, Reservation.active)
            .values(taken=Reservation.taken + 1, capacity=func.greatest(Reservation.capacity, seat.rules.capacity))
            .returning(Reservation.id)
            .execution_options(synchronize_session=False)
        )
        return (await self.session.execute(statement)).scalar_one_or_none()


def _overdue(now: datetime) -> ColumnElement[bool]:
    return (Booking.status == BookingStatus.PENDING_PAYMENT) & (Booking.expires_at <= now)


def _busy(row: Reservation, live: int, service_id: UUID, capacity: int) -> Busy:
    return Busy(
        start=row.start_time,
        end=row.end_time,
        blocked_from=row.blocked_from,
        blocked_until=row.blocked_until,
        same_service=row.service_id == service_id,
        seats_left=capacity - live,
    )


# ON CONFLICT DO NOTHING, not a plain INSERT: rivals for one slot would otherwise deadlock.
OPEN = CompiledStatement(insert(table_of(Reservation)).on_conflict_do_nothing().returning(table_of(Reservation).c.id))
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
    update booking.reservations r
       set blocked_from = greatest(r.start_time - make_interval(mins => o.buffer_before_minutes), (
               select max(b.end_time) from booking.reservations b
                where b.active and b.practitioner_id = r.practitioner_id and b.start_time < r.start_time
                  and tstzrange(b.start_time, b.blocked_until)
                      && tstzrange(r.start_time - make_interval(mins => o.buffer_before_minutes), r.start_time))),
           blocked_until = least(r.end_time + make_interval(mins => o.buffer_after_minutes), (
               select min(b.start_time) from booking.reservations b
                where b.active and b.practitioner_id = r.practitioner_id and b.start_time > r.start_time
                  and tstzrange(b.blocked_from, b.end_time)
                      && tstzrange(r.end_time, r.end_time + make_interval(mins => o.buffer_after_minutes))))
      from booking.offerings o
     where {WANTED}"""
PAD = text(f"{EXTEND} and o.service_id = :service")
PAD_BESIDE = text(f"{EXTEND} and {BESIDE}")
SHORTENED = text(f"select 1 from booking.reservations r, booking.offerings o where {WANTED} and {BESIDE} limit 1")
