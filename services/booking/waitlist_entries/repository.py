"""Entries of waitlists. Whoever changes one that is open has its practitioner's calendar locked."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from services.booking.people.models import Departure
from services.booking.people.repository import may_not_sell
from services.booking.service_copies.models import BookableService
from services.booking.sessions.models import CalendarSession
from services.booking.waitlist_entries.domain import EntryStatus
from services.booking.waitlist_entries.models import WaitlistEntry, WaitlistSeat
from shared.database.listing import Found, ListOf, Page
from shared.database.people import is_closed
from shared.database.repository import Repository, found
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import NIL_UUID

PAGE_OF_DUE = 50
NEWEST_FIRST = ListOf(
    WaitlistEntry,
    {"created_at": WaitlistEntry.created_at, "start_time": WaitlistEntry.start_time},
    last=WaitlistEntry.id,
)
NEXT_FIRST = ListOf(
    WaitlistEntry,
    {"created_at": WaitlistEntry.created_at, "start_time": WaitlistEntry.start_time},
    default="start_time,created_at",
    last=WaitlistEntry.id,
)


class DueEntry(NamedTuple):
    """An open entry that cannot stay, and how it ends."""

    id: UUID
    practitioner_id: UUID
    ends: EntryStatus


class Entries(Repository):
    """The entries of all waitlists."""

    async def add(self, entry: WaitlistEntry) -> WaitlistEntry:
        """Stores a new entry."""
        self.session.add(entry)
        await self.session.flush()
        return entry

    async def find(self, entry_id: UUID, *, lock: bool = False) -> WaitlistEntry | None:
        """The entry, whoever asks."""
        statement = select(WaitlistEntry).where(WaitlistEntry.id == entry_id)
        if lock:
            statement = statement.with_for_update(key_share=True).execution_options(populate_existing=True)
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def get_of(self, user_id: UUID, entry_id: UUID) -> WaitlistEntry:
        """The entry, if it is that person's; raises NotFound."""
        statement = select(WaitlistEntry).where(WaitlistEntry.id == entry_id, WaitlistEntry.user_id == user_id)
        return found((await self.session.execute(statement)).scalar_one_or_none())

    async def find_open(self, service_id: UUID, start: datetime, user_id: UUID) -> WaitlistEntry | None:
        """That person's open entry for that start, if there is one."""
        statement = select(WaitlistEntry).where(_for(service_id, start), WaitlistEntry.user_id == user_id, IS_OPEN)
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def find_of_booking(self, booking_id: UUID) -> WaitlistEntry | None:
        """The entry that became that booking."""
        statement = select(WaitlistEntry).where(WaitlistEntry.booking_id == booking_id)
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def first_waiting(self, session_id: UUID) -> WaitlistEntry | None:
        """Who is to be offered the next seat of that session that is given back, if anybody may be."""
        its = and_(
            CalendarSession.service_id == WaitlistEntry.service_id,
            CalendarSession.start_time == WaitlistEntry.start_time,
        )
        statement = (
            select(WaitlistEntry)
            .join(CalendarSession, its)
            .where(CalendarSession.id == session_id, may_be_offered(self.session.now()))
            .order_by(WaitlistEntry.created_at, WaitlistEntry.id)
            .limit(1)
        )
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def take_up(self, entry: WaitlistEntry, session_ids: Collection[UUID]) -> None:
        """Those seats, which are taken, are held for the entry."""
        await self.session.flush()
        rows = [{"entry_id": entry.id, "session_id": session_id} for session_id in session_ids]
        await self.session.execute(insert(WaitlistSeat), rows)

    async def give_up(self, entry: WaitlistEntry) -> Sequence[UUID]:
        """The sessions in which seats were held for the entry, which holds none any more."""
        gone = delete(WaitlistSeat).where(WaitlistSeat.entry_id == entry.id).returning(WaitlistSeat.session_id)
        return (await self.session.scalars(gone)).all()

    async def follow(self, moved: CalendarSession, start: datetime) -> None:
        """All who wait for a seat of that session, or are offered one, come along to its new start.

        Who has an entry for that start already keeps that one.
        """
        old = _for(moved.service_id, moved.start_time)
        coming = select(WaitlistEntry.user_id).where(old, IS_OPEN)
        there = update(WaitlistEntry).where(_for(moved.service_id, start), WAITING, WaitlistEntry.user_id.in_(coming))
        await self.session.execute(there.values(status=EntryStatus.CLOSED))
        values = {
            "start_time": start,
            "offers_until": WaitlistEntry.offers_until + (start - moved.start_time),
            "offer_expires_at": func.least(WaitlistEntry.offer_expires_at, start),
        }
        await self.session.execute(update(WaitlistEntry).where(old, IS_OPEN).values(values))

    async def all_for(self, service_id: UUID, start: datetime) -> Sequence[WaitlistEntry]:
        """The open entries for that start, locked; who waits before who is offered a seat, which nobody gets then."""
        statement = select(WaitlistEntry).where(_for(service_id, start), IS_OPEN)
        statement = statement.order_by(OFFERED, WaitlistEntry.id).with_for_update(key_share=True)
        return (await self.session.scalars(statement)).all()

    async def list_of(self, user_id: UUID, page: Page) -> Found[WaitlistEntry]:
        """A person's entries, the newest first."""
        query = select(WaitlistEntry).where(WaitlistEntry.user_id == user_id)
        return await NEWEST_FIRST.page(self.session, query, page)

    async def list_for(self, service_id: UUID, page: Page) -> Found[WaitlistEntry]:
        """The open entries of a service, by start, and in the order in which they came."""
        query = select(WaitlistEntry).where(WaitlistEntry.service_id == service_id, IS_OPEN)
        return await NEXT_FIRST.page(self.session, query, page)

    async def positions(self, entries: Collection[WaitlistEntry]) -> dict[UUID, int]:
        """The places of those that wait, from 1, in one statement."""
        rank = func.row_number().over(
            partition_by=(WaitlistEntry.service_id, WaitlistEntry.start_time),
            order_by=(WaitlistEntry.created_at, WaitlistEntry.id),
        )
        lists = {(entry.service_id, entry.start_time) for entry in entries if entry.status is EntryStatus.WAITING}
        if not lists:
            return {}
        key = tuple_(WaitlistEntry.service_id, WaitlistEntry.start_time)
        ranked = await self.session.execute(select(WaitlistEntry.id, rank).where(key.in_(lists), WAITING))
        wanted = {entry.id for entry in entries}
        return {entry_id: place for entry_id, place in ranked if entry_id in wanted}

    async def due(self, now: datetime, after: DueEntry | None) -> Sequence[DueEntry]:
        """The next page, after that one, of open entries that cannot stay."""
        asked = {"now": now, "after": after.id if after else NIL_UUID}
        return [DueEntry(*row) for row in await self.session.execute(DUE, asked)]

    async def end_of(self, entry_id: UUID) -> EntryStatus | None:
        """How the entry ends now; None where it stays, or has ended."""
        asked = {"now": self.session.now(), "entry": entry_id}
        return (await self.session.execute(END_OF, asked)).scalar_one_or_none()

    async def open_offers(self) -> tuple[int, datetime | None]:
        """How many seats are offered, and until when the one is whose offer ends first."""
        columns = select(func.count(), func.min(WaitlistEntry.offer_expires_at))
        count, first = (await self.session.execute(columns.where(OFFERED))).one()
        return count, first


def may_be_offered(now: ColumnElement[datetime] | datetime) -> ColumnElement[bool]:
    """Those that wait and to whom a freed seat may still be offered."""
    return and_(WAITING, WaitlistEntry.offers_until > now)


def _literal(status: EntryStatus) -> ColumnElement[Any]:
    """Written into the statement: the planner knows by it which partial index fits."""
    return bindparam(None, status, type_=enum_column(EntryStatus), literal_execute=True)


def is_awaited(now: datetime) -> ColumnElement[bool]:
    """Whether a seat of the session of the statement around it would be offered when it is given back."""
    return exists().where(_for(CalendarSession.service_id, CalendarSession.start_time), may_be_offered(now))


def _for(service_id: Any, start: Any) -> ColumnElement[bool]:
    return and_(WaitlistEntry.service_id == service_id, WaitlistEntry.start_time == start)


WAITING = WaitlistEntry.status == _literal(EntryStatus.WAITING)
OFFERED = WaitlistEntry.status == _literal(EntryStatus.OFFERED)
IS_OPEN = or_(WAITING, OFFERED)
NOW = bindparam("now", type_=TIMESTAMPTZ)
WITHDRAWN = or_(
    BookableService.is_active.is_(False),
    and_(WAITING, BookableService.waitlist.is_(False)),
    may_not_sell(BookableService.practitioner_id.expression, BookableService.practitioner_user_id.expression),
)
ENDS = case(
    (or_(WaitlistEntry.start_time <= NOW, WITHDRAWN), _literal(EntryStatus.CLOSED)),
    (is_closed(Departure, WaitlistEntry.user_id), _literal(EntryStatus.LEFT)),
    (and_(OFFERED, WaitlistEntry.offer_expires_at <= NOW), _literal(EntryStatus.PASSED)),
)
ENDING = (
    select(WaitlistEntry.id, WaitlistEntry.practitioner_id, ENDS.label("ends"))
    .join(BookableService, BookableService.service_id == WaitlistEntry.service_id)
    .where(IS_OPEN, ENDS.is_not(None))
)
DUE = ENDING.where(WaitlistEntry.id > bindparam("after")).order_by(WaitlistEntry.id).limit(PAGE_OF_DUE)
END_OF = ENDING.where(WaitlistEntry.id == bindparam("entry")).with_only_columns(ENDS)
