"""SQL of services."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SelectBase, exists, func, not_, or_, select, true, union_all
from sqlalchemy.orm import contains_eager, with_expression

from services.catalog.openings.domain import AHEAD, Span
from services.catalog.openings.models import ServiceOpenings
from services.catalog.openings.repository import has_start, next_start
from services.catalog.practitioners.models import Practitioner
from services.catalog.practitioners.repository import approved
from services.catalog.search.repository import Listed, Search, fold
from services.catalog.services.domain import ServiceType, highest_minor, lowest_minor
from services.catalog.services.models import Service
from shared.auth.permissions import Permission
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.database.search import alphabetical
from shared.records.currencies import minimum_charge

LIST = ListOf(
    Service,
    {
        "created_at": Service.created_at,
        "price": Service.price_amount,
        "title": alphabetical(fold, Service.title.expression),
    },
    last=Service.id.desc(),
)


@dataclass(frozen=True)
class ServiceFilter:
    """What a list is narrowed to; prices in major units of `currency`, both bounds inclusive."""

    currency: str
    category: str | None = None
    service_type: ServiceType | None = None
    practitioner_id: UUID | None = None
    price_min: Decimal | None = None
    price_max: Decimal | None = None
    available: Span | None = None

    @property
    def by_availability_alone(self) -> bool:
        """Whether nothing else narrows the list."""
        return self == ServiceFilter(self.currency, available=self.available)

    def conditions(self, now: datetime) -> list[ColumnElement[bool]]:
        """The WHERE of what is given."""
        wanted = given(
            {
                Service.category: self.category,
                Service.service_type: self.service_type,
                Service.practitioner_id: self.practitioner_id,
            }
        )
        if self.price_min is not None:
            wanted.append(Service.price_amount >= lowest_minor(self.price_min, self.currency))
        if self.price_max is not None:
            wanted.append(Service.price_amount <= highest_minor(self.price_max, self.currency))
        if self.available is not None:
            found = select(ServiceOpenings.service_id).where(has_start(self.available, now))
            wanted.append(Service.id.in_(found))
        return wanted


class Services(Repository):
    """Services, each with its practitioner."""

    async def get(self, service_id: UUID) -> Service:
        """The service in whatever state; raises NotFound."""
        return found(await self.session.scalar(self._wanted().where(Service.id == service_id)), "service")

    async def get_visible(self, service_id: UUID, caller: Caller | None) -> Service:
        """The service if it is sold, the caller's own, or the caller sees all; raises NotFound."""
        query = self._wanted().where(Service.id == service_id, _seen_by(caller, on_sale()))
        return found(await self.session.scalar(query), "service")

    async def get_own(self, service_id: UUID, practitioner: Practitioner) -> Service:
        """The practitioner's own, locked for a change; raises NotFound for another's."""
        query = self._wanted().where(Service.id == service_id, Service.practitioner_id == practitioner.id)
        return found(await self.session.scalar(query.with_for_update(of=Service)), "service")

    def _wanted(self) -> Select[Service]:
        now = self.session.now()
        upcoming = select(next_start(now).label("start")).where(IS_OF).correlate(Service)
        soon = upcoming.subquery()
        shown = with_expression(
            Service.next_available, select(soon.c.start).where(soon.c.start < now + AHEAD).scalar_subquery()
        )
        return select(Service).join(Service.practitioner).options(contains_eager(Service.practitioner), shown)

    async def exist_of(self, practitioner_id: UUID) -> bool:
        """Whether the practitioner has a service, in whatever state."""
        return bool(await self.session.scalar(select(exists().where(Service.practitioner_id == practitioner_id))))

    async def exist_at(self, practitioner_id: UUID, location_id: UUID) -> bool:
        """Whether the practitioner has a service, in whatever state, that takes place at that location."""
        its = (Service.practitioner_id == practitioner_id, Service.location_ids.contains([location_id]))
        return bool(await self.session.scalar(select(exists().where(*its))))

    async def count_active_of(self, practitioner_id: UUID) -> int:
        """How many services the practitioner has on sale."""
        mine = (Service.practitioner_id == practitioner_id, Service.is_active)
        return await self.session.scalar(select(func.count()).select_from(Service).where(*mine)) or 0

    async def types_of(self, practitioner_id: UUID, service_ids: Collection[UUID]) -> dict[UUID, ServiceType]:
        """The kinds of those that are the practitioner's own, in whatever state."""
        own = (Service.practitioner_id == practitioner_id, Service.id.in_(service_ids))
        rows = await self.session.execute(select(Service.id, Service.service_type).where(*own))
        return {row.id: row.service_type for row in rows}

    async def lock_all_of(self, practitioner_id: UUID) -> Sequence[Service]:
        """All services of one practitioner, locked in the order of their ids."""
        query = self._wanted().where(Service.practitioner_id == practitioner_id).order_by(Service.id)
        return (await self.session.scalars(query.with_for_update(of=Service))).all()

    async def list(self, page: Page, only: ServiceFilter) -> Found[Service]:
        """One page of what the public sees, and the total; two queries, however long the page."""
        conditions = only.conditions(self.session.now())
        counted = (Service.is_active, Service.id.not_in(_unlisted(only.currency)), *conditions)
        count: Select[int] = select(func.count()).select_from(Service).where(*counted)
        if only.available is not None and only.by_availability_alone and not page.search:
            count = _count_available(only.currency, has_start(only.available, self.session.now()))
        rows = self._wanted().where(listed(only.currency), *conditions)
        search = Search("services", page.search, on_sale=True) if page.search else None
        return await Listed(LIST, rows, count).page(self.session, page, search)

    async def list_of(self, practitioner_id: UUID, caller: Caller | None, page: Page, currency: str) -> Found[Service]:
        """One practitioner's: to themselves the withdrawn ones too. `currency` is the install's."""
        conditions = (Service.practitioner_id == practitioner_id, _seen_by(caller, listed(currency)))
        count = select(func.count()).select_from(Service).join(Service.practitioner).where(*conditions)
        search = Search("services", page.search) if page.search else None
        return await Listed(LIST, self._wanted().where(*conditions), count).page(self.session, page, search)


def on_sale() -> ColumnElement[bool]:
    """Services that the public sees: active, of an approved practitioner."""
    return Service.is_active & approved()


def listed(currency: str) -> ColumnElement[bool]:
    """Services in the public's lists: on sale, and not at a price that no card can pay."""
    return on_sale() & or_(Service.price_amount == 0, Service.price_amount >= minimum_charge(currency))


def _unlisted(currency: str) -> SelectBase:
    """The active services that are in none: a few, so that counting the others reads nothing of each."""
    return union_all(*_unlisted_active(currency))


def _unlisted_active(currency: str) -> tuple[Select[UUID], Select[UUID]]:
    of_active = select(Service.id).where(Service.is_active)
    unpayable = (Service.price_amount > 0, Service.price_amount < minimum_charge(currency))
    of_others = Service.practitioner_id.in_(select(Practitioner.id).where(not_(approved())))
    return of_active.where(*unpayable), of_active.where(of_others)


def _count_available(currency: str, is_available: ColumnElement[bool]) -> Select[int]:
    """All that can be booked but for what is in no list: nothing is read of the services themselves."""
    available = select(func.count()).select_from(ServiceOpenings).where(is_available)
    unlisted = union_all(select(Service.id).where(not_(Service.is_active)), *_unlisted_active(currency))
    others = available.where(ServiceOpenings.service_id.in_(unlisted))
    return select(available.scalar_subquery() - others.scalar_subquery())


def _seen_by(caller: Caller | None, public: ColumnElement[bool]) -> ColumnElement[bool]:
    """The public ones; an owner sees their own withdrawn ones too, and who may see unlisted ones sees all."""
    if caller is None:
        return public
    own = (Practitioner.user_id == caller.user_id) & Practitioner.deactivated_at.is_(None)
    return true() if caller.may(Permission.READ_UNLISTED) else or_(public, own)


IS_OF = ServiceOpenings.service_id == Service.id
