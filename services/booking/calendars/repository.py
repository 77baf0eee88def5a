"""Services with the hours that apply to them, and the time that bookings take."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    Select,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    select,
)
from sqlalchemy.dialects.postgresql import TSTZRANGE
from sqlalchemy.orm import aliased

from services.booking.bookings.domain import BookingStatus
from services.booking.bookings.models import Booking
from services.booking.calendars.domain import Busy
from services.booking.calendars.sources import BusyName, BusyQuestion
from services.booking.locations.models import Location
from services.booking.people.repository import may_not_sell
from services.booking.resources.domain import Unit
from services.booking.resources.models import ResourceUse
from services.booking.schedules.domain import Hours, Zones, closed_dates, hours_of
from services.booking.schedules.models import HoursColumns, NamedSchedule, Schedule, ScheduleUse
from services.booking.service_copies.models import BookableService
from services.booking.sessions.domain import SessionLimits
from services.booking.sessions.models import CalendarSession
from services.booking.time_off.models import TimeOff
from services.booking.waitlist_entries.repository import is_awaited
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository
from shared.database.session import Session

LONGEST_BUFFER = timedelta(days=1)
COLUMNS = (
    CalendarSession.id,
    CalendarSession.service_id,
    CalendarSession.start_time,
    CalendarSession.end_time,
    CalendarSession.blocked_from,
    CalendarSession.blocked_until,
    CalendarSession.announced,
    CalendarSession.location_id,
    CalendarSession.place_id,
    CalendarSession.away_until,
)
"""What is read of a session: without the object of the ORM it costs a third."""
UNIT = ResourceUse.resource_id, ResourceUse.unit
TIMES = ResourceUse.start_time, ResourceUse.end_time, ResourceUse.blocked_from, ResourceUse.blocked_until
SOONEST_FIRST = ListOf(
    CalendarSession, {"start_time": CalendarSession.start_time}, default="start_time", last=CalendarSession.id
)
SCHEDULED = (CalendarSession.announced, CalendarSession.active)
POSITION = func.row_number().over(order_by=(CalendarSession.start_time, CalendarSession.id))


@dataclass(frozen=True)
class ServiceWithHours:
    """A service, its hours, and the limits of its practitioner and its own, which are in the zone of the hours.

    `has_overdue_holds`: some of its practitioner's holds have run out, unreleased.

    `travel`: how far apart sessions at two places are. `virtual`: locations of its practitioner that are no places.

    `may_sell`: its practitioner's account is open and approved, whatever catalog's last event about it was.
    """

    service: BookableService
    hours: Hours
    limits: Sequence[SessionLimits]
    has_overdue_holds: bool
    may_sell: bool
    travel: timedelta
    virtual: frozenset[UUID]


class ServicesWithHours(Repository):
    """Services, as they can be booked."""

    async def find(self, service_id: UUID, *, lock: bool = False) -> ServiceWithHours | None:
        """The service with the named hours that it uses, or its own, else its practitioner's, in one statement.

        With `lock` it does not change until the commit: a session that is opened or moved has its present buffers.
        """
        asked = {"wanted": service_id, "now": self.session.now()}
        row = (await self.session.execute(FIND_LOCKED if lock else FIND, asked)).one_or_none()
        return None if row is None else _with_hours(row)

    async def of(self, practitioner_id: UUID) -> list[ServiceWithHours]:
        """All services of a practitioner, in one statement."""
        asked = {"practitioner": practitioner_id, "now": self.session.now()}
        return [_with_hours(row) for row in (await self.session.execute(OF_PRACTITIONER, asked)).all()]


class BookedTime:
    """The busy source of bookings: their sessions, in which holds that have run out count as free seats."""

    name: ClassVar[BusyName] = "booking"

    async def busy(self, session: Session, question: BusyQuestion) -> list[Busy]:
        """Sessions around that time that were announced, or have at least one seat that is taken."""
        live = (CalendarSession.taken - overdue_seats(question.now)).label("live")
        taken = func.tstzrange(CalendarSession.start_time, CalendarSession.blocked_until, type_=TSTZRANGE)
        bounds = literal(question.first - LONGEST_BUFFER), literal(question.until + LONGEST_BUFFER)
        wanted = select(*COLUMNS, live).where(
            CalendarSession.practitioner_id == question.practitioner_id,
            CalendarSession.active,
            taken.op("&&")(func.tstzrange(*bounds, type_=TSTZRANGE)),
        )
        rows = (await session.execute(wanted)).all()
        seats = [(row, row.live - (row.id == question.moved)) for row in rows]
        return [_busy(row, left) for row, left in seats if left > 0 or row.announced]


class UnitsInUse(Repository):
    """Which units of resources sessions have, of this practitioner and of others."""

    async def of(self, question: BusyQuestion) -> list[tuple[Unit, Busy]]:
        """Those around that time; a session of this practitioner gives them back whose seats all count as free."""
        live = (
            CalendarSession.taken
            - overdue_seats(question.now)
            - func.coalesce(cast(CalendarSession.id == question.moved, Integer), 0)
        )
        own = (CalendarSession.practitioner_id == question.practitioner_id, ~CalendarSession.announced)
        frees = (*own, CalendarSession.taken > 0, live <= 0)
        taken = func.tstzrange(ResourceUse.start_time, ResourceUse.blocked_until, type_=TSTZRANGE)
        bounds = literal(question.first - LONGEST_BUFFER), literal(question.until + LONGEST_BUFFER)
        wanted = (
            select(*UNIT, *TIMES, CalendarSession.service_id)
            .join(CalendarSession, CalendarSession.id == ResourceUse.session_id)
            .where(
                ResourceUse.resource_id.in_(question.resources),
                taken.op("&&")(func.tstzrange(*bounds, type_=TSTZRANGE)),
                not_(and_(*frees)),
            )
        )
        rows = (await self.session.execute(wanted)).all()
        return [((row.resource_id, row.unit), Busy(*row[2:])) for row in rows]


class TimeOffTaken:
    """The busy source of time off."""

    name: ClassVar[BusyName] = "time_off"

    async def busy(self, session: Session, question: BusyQuestion) -> list[Busy]:
        """Time off that reaches into that time."""
        wanted = select(TimeOff.start_time, TimeOff.end_time).where(
            TimeOff.practitioner_id == question.practitioner_id,
            TimeOff.start_time < question.until,
            TimeOff.end_time > question.first,
        )
        times = [(start, end) for start, end in (await session.execute(wanted)).all()]
        return [Busy(*time, *time) for time in times]


class ListedDate(NamedTuple):
    """A date, how many of its seats are taken now, and which of its service's dates it is, the first being 1."""

    session: CalendarSession
    taken: int
    position: int


class Dates(Repository):
    """The dates of services."""

    async def find_at(self, service_id: UUID, start: datetime) -> CalendarSession | None:
        """The date of that service that begins then, unless it was cancelled."""
        its = (CalendarSession.service_id == service_id, CalendarSession.start_time == start)
        return (await self.session.scalars(select(CalendarSession).where(*its, *SCHEDULED))).one_or_none()

    async def list(self, service_id: UUID, page: Page) -> Found[ListedDate]:
        """All of a service, over and cancelled ones too."""
        query = self._with_seats(service_id).add_columns(POSITION)
        rows, total = await SOONEST_FIRST.rows(self.session, query, page)
        return [ListedDate(*row) for row in rows], total

    async def positions(self, service_id: UUID, ids: Collection[UUID]) -> dict[UUID, int]:
        """Which of the service's dates each of these is; what was not announced is missing."""
        ranked = select(CalendarSession.id, POSITION.label("position"))
        all_of_it = ranked.where(CalendarSession.service_id == service_id, CalendarSession.announced).subquery()
        rows = await self.session.execute(select(all_of_it).where(all_of_it.c.id.in_(ids)))
        return {row.id: row.position for row in rows}

    async def between(
        self, service_id: UUID, first: datetime, until: datetime
    ) -> Sequence[tuple[CalendarSession, int]]:
        """The scheduled ones that begin from `first` until `until` (exclusive), with the seats that are taken now."""
        begins = (CalendarSession.start_time >= first, CalendarSession.start_time < until)
        query = self._with_seats(service_id).where(CalendarSession.active, *begins)
        return [(row[0], row[1]) for row in await self.session.execute(query.order_by(CalendarSession.start_time))]

    async def following(self, date: CalendarSession) -> Sequence[UUID]:
        """The later scheduled dates of its series, in order of their starts; none where it has no series."""
        later = (CalendarSession.series_id == date.series_id, CalendarSession.start_time > date.start_time)
        wanted = select(CalendarSession.id).where(*later, *SCHEDULED)
        return (await self.session.scalars(wanted.order_by(CalendarSession.start_time))).all()

    async def has_seats_taken(self, service_id: UUID) -> bool:
        """Whether anybody has a seat in any of the service's dates."""
        its = (CalendarSession.service_id == service_id, CalendarSession.announced)
        return bool(await self.session.scalar(select(exists().where(*its, CalendarSession.taken > 0))))

    def _with_seats(self, service_id: UUID) -> Select[CalendarSession, int]:
        taken = CalendarSession.taken - overdue_seats(self.session.now())
        query = select(CalendarSession, taken)
        return query.where(CalendarSession.service_id == service_id, CalendarSession.announced)


def overdue_seats(now: datetime) -> ColumnElement[int]:
    """How many of a session's seats are holds that have run out, unreleased; none where somebody waits for them."""
    overdue = select(func.count()).where(
        Booking.session_id == CalendarSession.id,
        Booking.status == BookingStatus.PENDING_PAYMENT,
        Booking.expires_at <= now,
    )
    return case((is_awaited(now), 0), else_=overdue.scalar_subquery())


def _busy(row: Row[*tuple[Any, ...]], live: int) -> Busy:
    return Busy(
        start=row.start_time,
        end=row.end_time,
        blocked_from=row.blocked_from,
        blocked_until=row.blocked_until,
        service_id=row.service_id,
        taken=live,
        location_id=row.location_id,
        place_id=row.place_id,
        away_until=row.away_until,
    )


def _with_hours(row: Row[*tuple[Any, ...]]) -> ServiceWithHours:
    service, named, own, usual, overdue, barred, virtual = row
    travel = usual.travel if usual else timedelta(0)
    hours = _hours(service, named or own, usual)
    all_limits = (usual and usual.session_limits, SessionLimits.of(service.limits, hours.timezone, service.service_id))
    limits = [each for each in all_limits if each]
    return ServiceWithHours(service, hours, limits, bool(overdue), not barred, travel, frozenset(virtual or ()))


def _hours(service: BookableService, own: HoursColumns | None, usual: Schedule | None) -> Hours:
    schedule = own or usual
    if schedule is None:
        return Hours(Zones(service.practitioner_timezone), {}, {})
    hours = hours_of(schedule.zones, schedule.weekly, schedule.overrides)
    if own is None or usual is None:
        return hours
    return replace(hours, closed=closed_dates(usual.zones, usual.overrides))


OWN, USUAL = aliased(Schedule), aliased(Schedule)
OVERDUE = exists().where(
    Booking.practitioner_id == BookableService.practitioner_id,
    Booking.status == BookingStatus.PENDING_PAYMENT,
    Booking.expires_at <= bindparam("now"),
)
BARRED = may_not_sell(BookableService.practitioner_id.expression, BookableService.practitioner_user_id.expression)
VIRTUAL = (
    select(func.array_agg(Location.location_id))
    .where(Location.practitioner_id == BookableService.practitioner_id, Location.is_virtual)
    .scalar_subquery()
)
WITH_HOURS = (
    select(BookableService, NamedSchedule, OWN, USUAL, OVERDUE.label("overdue"), BARRED.label("barred"), VIRTUAL)
    .outerjoin(ScheduleUse, ScheduleUse.service_id == BookableService.service_id)
    .outerjoin(NamedSchedule, NamedSchedule.id == ScheduleUse.schedule_id)
    .outerjoin(
        OWN,
        (OWN.practitioner_id == BookableService.practitioner_id) & (OWN.service_id == BookableService.service_id),
    )
    .outerjoin(USUAL, (USUAL.practitioner_id == BookableService.practitioner_id) & USUAL.service_id.is_(None))
)
FIND = WITH_HOURS.where(BookableService.service_id == bindparam("wanted"))
OF_PRACTITIONER = WITH_HOURS.where(BookableService.practitioner_id == bindparam("practitioner"))
FIND_LOCKED = FIND.with_for_update(read=True, of=BookableService).execution_options(populate_existing=True)
"""Made once: SQLAlchemy derives a statement's key for its cache anew for each object."""
