"""Bookings, seen by those who have a part in them."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, Select, Uuid, bindparam, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import contains_eager, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from services.booking.bookings.domain import AHEAD, BookingStatus
from services.booking.bookings.models import Booking
from services.booking.checkout.models import Checkout
from shared.auth.verification import Who
from shared.database.search import says
from shared.database.session import TIMESTAMPTZ, Session, table_of, values_of
from shared.database.statements import CompiledStatement
from shared.errors import NotFound
from shared.web.pagination import Page, ordered

Side = Literal["client", "practitioner"]
PAGE_OF_DUE = 50
EARLIEST, NIL_UUID = datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0)
Found = tuple[list[Booking], int]
"""One page of bookings, and how many there are in all."""
ORDERINGS: dict[str, ColumnElement[datetime]] = {
    "start_time": Booking.start_time.expression,
    "created_at": Booking.created_at.expression,
}


class Due(NamedTuple):
    """A booking that a job has to see to, and since when."""

    id: UUID
    moment: datetime


class Bookings:
    """All bookings come with their checkout. `lock` takes the booking's row lock, under which its states change."""

    def __init__(self, session: Session) -> None:
        """Within that session."""
        self.session = session

    async def find(self, booking_id: UUID, *, lock: bool = False, skip_locked: bool = False) -> Booking | None:
        """The booking, whoever asks; with `skip_locked` None also when somebody else holds its lock."""
        if lock and not skip_locked:
            return await self._locked(booking_id)
        statement = BY_ID_IF_FREE if lock else BY_ID
        found: Booking | None = await self.session.scalar(statement, {"booking_id": booking_id})
        return found

    async def _locked(self, booking_id: UUID) -> Booking | None:
        """The road of every checkout, without the ORM's loading."""
        row = await self.session.first(BOTH_LOCKED, {"booking_id": booking_id})
        if row is None:
            return None
        booking = self.session.adopt(Booking, dict(zip(BOOKING_NAMES, row, strict=False)))
        checkout = self.session.adopt(Checkout, dict(zip(CHECKOUT_NAMES, row[len(BOOKING_NAMES) :], strict=True)))
        set_committed_value(booking, "checkout", checkout)
        return booking

    async def add(self, booking: Booking) -> None:
        """Stores a new booking with its checkout; later changes of these objects are not."""
        await self.session.run(ADD_BOOKING, values_of(booking))
        await self.session.run(ADD_CHECKOUT, {**values_of(booking.checkout), "booking_id": booking.id})

    async def get(self, booking_id: UUID, *, lock: bool = False) -> Booking:
        """The booking, whoever asks."""
        return _there(await self.find(booking_id, lock=lock))

    async def get_visible(self, booking_id: UUID, who: Who, *, lock: bool = False, staff: bool = False) -> Booking:
        """The booking, if it is the person's as client or practitioner; with `staff` also for staff."""
        if staff and who.is_staff:
            return await self.get(booking_id, lock=lock)
        asked = {"booking_id": booking_id, "user_id": who.user_id}
        return _there(await self.session.scalar(OWN_LOCKED if lock else OWN, asked))

    async def get_of_client(self, booking_id: UUID, who: Who, *, lock: bool = False) -> Booking:
        """The booking, if the person is its client."""
        booking = await self.get_visible(booking_id, who, lock=lock)
        return _there(booking if booking.client_id == who.user_id else None)

    async def get_of_practitioner(self, booking_id: UUID, who: Who, *, lock: bool = False) -> Booking:
        """The booking, if the person is its practitioner."""
        booking = await self.get_visible(booking_id, who, lock=lock)
        return _there(booking if booking.practitioner_user_id == who.user_id else None)

    async def of_session(self, session_id: UUID) -> list[Booking]:
        """Whoever has a seat in that session, locked; without their checkouts."""
        statement = select(Booking).where(Booking.reservation_id == session_id).order_by(Booking.id)
        locked = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
        return list((await self.session.execute(locked)).scalars())

    async def due_to_start(self, now: datetime, after: Due | None) -> Sequence[Due]:
        """The next page, after that one, of confirmed bookings whose start has come; the earliest first."""
        return await self._due(DUE_TO_START, now, after)

    async def due_to_end(self, ended_by: datetime, after: Due | None) -> Sequence[Due]:
        """The next page, after that one, of bookings in progress that had ended by then; the earliest first."""
        return await self._due(DUE_TO_END, ended_by, after)

    async def overdue_holds(
        self, now: datetime, after: Due | None, practitioner_id: UUID | None = None
    ) -> Sequence[Due]:
        """The next page, after that one, of pending bookings whose deadline has come; the earliest first."""
        if practitioner_id is None:
            return await self._due(OVERDUE, now, after)
        return await self._due(OVERDUE_OF, now, after, practitioner=practitioner_id)

    async def _due(
        self, statement: CompiledStatement, until: datetime, after: Due | None, **more: UUID
    ) -> Sequence[Due]:
        last = after or Due(NIL_UUID, EARLIEST)
        rows = await self.session.run(statement, {"until": until, "after": last.moment, "after_id": last.id, **more})
        return [Due(row.id, row.moment) for row in rows]

    async def listed(
        self, who: Who, page: Page, *, side: Side | None = None, status: BookingStatus | None = None
    ) -> Found:
        """The person's bookings, newest start first unless ordered otherwise; `search` looks into services' titles."""
        wanted = select(Booking).where(_part_of(who, side))
        if status is not None:
            wanted = wanted.where(Booking.status == status)
        return await self._page(wanted, page, "-start_time")

    async def upcoming(self, who: Who, page: Page, now: datetime, side: Side | None = None) -> Found:
        """What is still to come or going on, next first."""
        wanted = select(Booking).where(_part_of(who, side), Booking.status.in_(AHEAD), Booking.end_time > now)
        return await self._page(wanted, page, "start_time")

    async def history(self, who: Who, page: Page, now: datetime, side: Side | None = None) -> Found:
        """What is over, came to nothing, or lies in the past, latest first."""
        over = or_(Booking.status.not_in(AHEAD), Booking.end_time <= now)
        return await self._page(select(Booking).where(_part_of(who, side), over), page, "-start_time")

    async def _page(self, wanted: Select[Any], page: Page, default: str) -> Found:
        if page.search is not None:
            wanted = wanted.where(says(Booking.service_title, page.search))
        total = (await self.session.execute(select(func.count()).select_from(wanted.subquery()))).scalar_one()
        rows = ordered(wanted, page.ordering, ORDERINGS, default).order_by(Booking.id).limit(page.limit)
        rows = rows.offset(page.offset).options(joinedload(Booking.checkout, innerjoin=True))
        return list((await self.session.execute(rows)).scalars()), total


def _part_of(who: Who, side: Side | None = None) -> ColumnElement[bool]:
    sides = {"client": Booking.client_id == who.user_id, "practitioner": Booking.practitioner_user_id == who.user_id}
    return sides[side] if side else or_(*sides.values())


def _there(booking: Booking | None) -> Booking:
    if booking is None:
        raise NotFound
    return booking


def _locked(statement: Select[Any], *, skip_locked: bool = False) -> Select[Any]:
    """Of booking and checkout both: a row that is only joined would be read as it was before the wait for the lock."""
    # key_share: a row that refers to the booking may be written meanwhile, else noting a refund deadlocks
    locked = statement.with_for_update(of=(Booking, Checkout), skip_locked=skip_locked, key_share=True)
    return locked.execution_options(populate_existing=True)


USER_ID = bindparam("user_id", type_=Uuid)
BY_ID = (
    select(Booking)
    .join(Booking.checkout)
    .where(Booking.id == bindparam("booking_id"))
    .options(contains_eager(Booking.checkout))
)
BY_ID_LOCKED = _locked(BY_ID)
BY_ID_IF_FREE = _locked(BY_ID, skip_locked=True)
OWN = BY_ID.where(or_(Booking.client_id == USER_ID, Booking.practitioner_user_id == USER_ID))
OWN_LOCKED = _locked(OWN)
BOOKING, CHECKOUT = table_of(Booking), table_of(Checkout)
BOOKING_NAMES, CHECKOUT_NAMES = BOOKING.columns.keys(), CHECKOUT.columns.keys()
BOTH_LOCKED = CompiledStatement(
    select(BOOKING, *(column.label(f"checkout_{column.key}") for column in CHECKOUT.columns))
    .join(CHECKOUT, CHECKOUT.c.booking_id == BOOKING.c.id)
    .where(BOOKING.c.id == bindparam("booking_id"))
    .with_for_update(of=(BOOKING, CHECKOUT), key_share=True)
)
ADD_BOOKING, ADD_CHECKOUT = CompiledStatement(insert(BOOKING)), CompiledStatement(insert(CHECKOUT))


def _due(status: BookingStatus, moment: Column[datetime], *more: ColumnElement[bool]) -> CompiledStatement:
    """Polled every second or oftener: `idle_cpu` of `benchmarks/checkouts.py`."""
    last = tuple_(bindparam("after", type_=TIMESTAMPTZ), bindparam("after_id", type_=Uuid))
    return CompiledStatement(
        select(BOOKING.c.id, moment.label("moment"))
        .where(BOOKING.c.status == status, moment <= bindparam("until", type_=TIMESTAMPTZ), *more)
        .where(tuple_(moment, BOOKING.c.id) > last)
        .order_by(moment, BOOKING.c.id)
        .limit(PAGE_OF_DUE)
    )


DUE_TO_START = _due(BookingStatus.CONFIRMED, BOOKING.c.start_time)
DUE_TO_END = _due(BookingStatus.IN_PROGRESS, BOOKING.c.end_time)
OVERDUE = _due(BookingStatus.PENDING_PAYMENT, BOOKING.c.expires_at)
OVERDUE_OF = _due(
    BookingStatus.PENDING_PAYMENT,
    BOOKING.c.expires_at,
    BOOKING.c.practitioner_id == bindparam("practitioner", type_=Uuid),
)
