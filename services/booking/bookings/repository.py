"""Bookings, seen by those who have a part in them."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Literal, NamedTuple
from uuid import UUID

from sqlalchemy import (
    Column,
    ColumnElement,
    Select,
    Uuid,
    bindparam,
    case,
    exists,
    false,
    literal,
    or_,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from services.booking.bookings.domain import AHEAD, OVER, RUNNING, SIDES, BookingKind, BookingStatus, Chargeback, Party
from services.booking.bookings.models import Booking
from services.booking.people.models import Departure, Name
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.people import is_closed
from shared.database.repository import Repository, found
from shared.database.search import says
from shared.database.session import TIMESTAMPTZ, enum_column, table_of, values_of
from shared.database.statements import CompiledStatement
from shared.records.ids import NIL_UUID

Side = Literal["client", "practitioner"]
PAGE_OF_DUE = 50
PARENT = (Booking.kind != BookingKind.SINGLE) & Booking.parent_id.is_(None)
"""Those that hold no seat: their children do."""
COMING = (BookingStatus.PENDING_PAYMENT, BookingStatus.CONFIRMED)
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_FIRST = ListOf(
    Booking,
    {"start_time": Booking.start_time, "created_at": Booking.created_at},
    default="-start_time",
    last=Booking.id,
    search=partial(says, Booking.service_title),
)
NEXT_FIRST = replace(LATEST_FIRST, default="start_time")


class Due(NamedTuple):
    """A booking that a job has to see to, and since when."""

    id: UUID
    moment: datetime


class Bookings(Repository):
    """All bookings. `lock` takes the booking's row lock, under which its states change."""

    async def find(self, booking_id: UUID, *, lock: bool = False, skip_locked: bool = False) -> Booking | None:
        """The booking, whoever asks; with `skip_locked` None also while another transaction has its lock."""
        statement = select(Booking).where(Booking.id == booking_id)
        if lock:
            statement = _locked(statement, skip_locked=skip_locked)
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def add(self, booking: Booking) -> None:
        """Stores a new booking; later changes of this object are not."""
        await self.session.run(ADD, values_of(booking))

    async def get(self, booking_id: UUID, *, lock: bool = False) -> Booking:
        """The booking, whoever asks."""
        return found(await self.find(booking_id, lock=lock))

    async def note_chargeback(self, purchase_id: UUID, standing: Chargeback | None) -> None:
        """Keeps how the purchase's payment stands with the client's bank."""
        await self.session.execute(
            update(Booking).where(Booking.purchase_id == purchase_id).values(chargeback=standing)
        )

    async def get_as(
        self, booking_id: UUID, caller: Caller, parties: Collection[Party] = SIDES, *, lock: bool = False
    ) -> tuple[Booking, Party]:
        """The booking, and as which of these parties the caller acts on it; NotFound for everybody else."""
        is_party = _parties(caller, parties)
        party = case(*[(condition, literal(party, enum_column(Party))) for party, condition in is_party.items()])
        statement = select(Booking, party).where(Booking.id == booking_id, or_(*is_party.values()))
        row = (await self.session.execute(_locked(statement) if lock else statement)).one_or_none()
        booking, acts_as = found(row)
        return booking, acts_as

    async def is_of(self, booking_id: UUID, caller: Caller) -> bool:
        """Whether the person is its client or practitioner; False where there is none."""
        return bool(await self.session.scalar(select(exists().where(Booking.id == booking_id, _part_of(caller)))))

    async def get_of_client(self, booking_id: UUID, caller: Caller, *, lock: bool = False) -> Booking:
        """The booking, if the person is its client."""
        booking, _ = await self.get_as(booking_id, caller, {Party.CLIENT}, lock=lock)
        return booking

    async def get_of_practitioner(self, booking_id: UUID, caller: Caller, *, lock: bool = False) -> Booking:
        """The booking, if the person is its practitioner."""
        booking, _ = await self.get_as(booking_id, caller, {Party.PRACTITIONER}, lock=lock)
        return booking

    async def of_session(self, *session_ids: UUID) -> list[Booking]:
        """Whoever has a seat in one of those sessions, locked."""
        statement = select(Booking).where(Booking.session_id.in_(session_ids)).order_by(Booking.id)
        return list((await self.session.execute(_locked(statement))).scalars())

    async def roster_of(self, session_id: UUID) -> Sequence[Booking]:
        """Who comes to that session, or came, in the order of booking."""
        comes = Booking.status.in_([*RUNNING, *OVER])
        statement = select(Booking).where(Booking.session_id == session_id, comes)
        return (await self.session.scalars(statement.order_by(Booking.created_at, Booking.id))).all()

    async def get_by_code(self, code: str, caller: Caller) -> Booking:
        """The practitioner's booking with that check-in code, locked."""
        own = (Booking.practitioner_id == caller.practitioner_id, Booking.check_in_code == code)
        return found((await self.session.execute(_locked(select(Booking).where(*own)))).scalar_one_or_none())

    async def has_other_seat(self, booking: Booking, session_id: UUID) -> bool:
        """Whether another booking of the same client has a seat in that session."""
        other = exists().where(
            Booking.session_id == session_id, Booking.client_id == booking.client_id, Booking.id != booking.id
        )
        return bool((await self.session.execute(select(other))).scalar_one())

    async def ask_for_names(self) -> None:
        """Adds clients of coming bookings of whom no event was received to the names that are missing."""
        unknown = select(Booking.client_id).distinct().where(Booking.status.in_(COMING))
        unknown = unknown.where(~exists().where(Name.user_id == Booking.client_id))
        unknown = unknown.where(~is_closed(Departure, Booking.client_id))
        await self.session.execute(insert(Name).from_select(["user_id"], unknown).on_conflict_do_nothing())

    async def due_to_start(self, now: datetime, after: Due | None) -> Sequence[Due]:
        """The next page, after that one, of confirmed bookings whose start has come; the earliest first."""
        return await self._due(DUE_TO_START, now, after)

    async def due_to_end(self, ended_by: datetime, after: Due | None) -> Sequence[Due]:
        """The next page, after that one, of bookings in progress that had ended by then; the earliest first."""
        return await self._due(DUE_TO_END, ended_by, after)

    async def marked_ended(self, now: datetime, after: Due | None) -> Sequence[Due]:
        """The next page, after that one, of bookings in progress that have ended and are marked; the earliest first."""
        return await self._due(MARKED_ENDED, now, after)

    async def lock_parts(self, parent_id: UUID) -> None:
        """Locks the children of that parent; whoever locks the parent too does so afterwards."""
        parts = select(Booking).where(Booking.parent_id == parent_id).order_by(Booking.start_time, Booking.id)
        await self.session.execute(_locked(parts))

    async def parts_of(self, parent_ids: Collection[UUID]) -> dict[UUID, list[Booking]]:
        """The children of these parents, in order of time."""
        parts: dict[UUID, list[Booking]] = {parent_id: [] for parent_id in parent_ids}
        if parts:
            wanted = select(Booking).where(Booking.parent_id.in_(parts)).order_by(Booking.start_time, Booking.id)
            for part in await self.session.scalars(wanted):
                parts[found(part.parent_id)].append(part)
        return parts

    async def overdue_holds(
        self, now: datetime, after: Due | None, practitioner_id: UUID | None = None
    ) -> Sequence[Due]:
        """The next page, after that one, of unpaid purchases whose deadline has come; the earliest first."""
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
        self,
        caller: Caller,
        page: Page,
        *,
        side: Side | None = None,
        status: BookingStatus | None = None,
        parent_id: UUID | None = None,
    ) -> Found[Booking]:
        """The person's bookings, newest start first unless ordered otherwise; `search` looks into services' titles.

        Those of a parent, or those that are nobody's children.
        """
        which = Booking.parent_id.is_(None) if parent_id is None else Booking.parent_id == parent_id
        wanted = select(Booking).where(_part_of(caller, side), which, *given({Booking.status: status}))
        return await LATEST_FIRST.page(self.session, wanted, page)

    async def upcoming(self, caller: Caller, page: Page, now: datetime, side: Side | None = None) -> Found[Booking]:
        """What is still to come or going on, next first."""
        wanted = select(Booking).where(
            _part_of(caller, side), ~PARENT, Booking.status.in_(AHEAD), Booking.end_time > now
        )
        return await NEXT_FIRST.page(self.session, wanted, page)

    async def history(self, caller: Caller, page: Page, now: datetime, side: Side | None = None) -> Found[Booking]:
        """What is over, came to nothing, or lies in the past, latest first."""
        over = or_(Booking.status.not_in(AHEAD), Booking.end_time <= now)
        return await LATEST_FIRST.page(self.session, select(Booking).where(_part_of(caller, side), ~PARENT, over), page)


def _parties(caller: Caller, wanted: Collection[Party]) -> dict[Party, ColumnElement[bool]]:
    """When the caller is which party. The first that holds counts: staff who booked or sell it act as that."""
    conditions = {
        Party.CLIENT: Booking.client_id == caller.user_id,
        Party.PRACTITIONER: Booking.practitioner_user_id == caller.user_id,
        Party.STAFF: true() if caller.may(Permission.READ_BOOKINGS) else false(),
    }
    return {party: condition for party, condition in conditions.items() if party in wanted}


def _part_of(caller: Caller, side: Side | None = None) -> ColumnElement[bool]:
    return or_(*_parties(caller, {Party(side)} if side else SIDES).values())


def _locked(statement: Select[Booking], *, skip_locked: bool = False) -> Select[Booking]:
    # key_share: a row that refers to the booking may be written meanwhile, else noting a refund deadlocks
    locked = statement.with_for_update(skip_locked=skip_locked, key_share=True)
    return locked.execution_options(populate_existing=True)


BOOKING = table_of(Booking)
ADD = CompiledStatement(insert(BOOKING))  # once in every checkout: `benchmarks/checkouts.py`


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
SEATED = or_(BOOKING.c.kind == BookingKind.SINGLE, BOOKING.c.parent_id.is_not(None))
HEADS = BOOKING.c.purchase_id == BOOKING.c.id
DUE_TO_END = _due(BookingStatus.IN_PROGRESS, BOOKING.c.end_time, SEATED)
MARKED_ENDED = _due(BookingStatus.IN_PROGRESS, BOOKING.c.end_time, BOOKING.c.mark.is_not(None))
OVERDUE = _due(BookingStatus.PENDING_PAYMENT, BOOKING.c.expires_at, HEADS)
OVERDUE_OF = _due(
    BookingStatus.PENDING_PAYMENT,
    BOOKING.c.expires_at,
    HEADS,
    BOOKING.c.practitioner_id == bindparam("practitioner", type_=Uuid),
)
