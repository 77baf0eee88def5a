"""Stored resources, and which units sessions have."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import TSTZRANGE, insert

from services.booking.resources.domain import Need, Stock, Unit, assigned, first_free, wanted_by
from services.booking.resources.models import Resource, ResourceUse
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found

ORDERINGS = {"name": Resource.name, "created_at": Resource.created_at}
OLDEST_FIRST = ListOf(Resource, ORDERINGS, default="created_at", last=Resource.id)


class Times(NamedTuple):
    """When a session takes place, and from when until when its unit is blocked."""

    start: datetime
    end: datetime
    blocked_from: datetime
    blocked_until: datetime


class Resources(Repository):
    """The resources of practitioners."""

    async def add(self, resource: Resource) -> None:
        """Stores a new one."""
        self.session.add(resource)
        await self.session.flush()

    async def get_own(self, resource_id: UUID, practitioner_id: UUID) -> Resource:
        """The practitioner's own, of which no unit is taken meanwhile; raises NotFound."""
        own = (Resource.id == resource_id, Resource.practitioner_id == practitioner_id)
        statement = select(Resource).where(*own).with_for_update()
        return found(await self.session.scalar(statement), "resource")

    async def is_used_above(self, resource: Resource, quantity: int) -> bool:
        """Whether a session that is not over has a unit beyond so many of them."""
        its = (ResourceUse.resource_id == resource.id, ResourceUse.unit > quantity)
        coming = exists().where(*its, ResourceUse.end_time > self.session.now())
        return bool(await self.session.scalar(select(coming)))

    async def remove(self, resource: Resource) -> None:
        """Deletes it, and which sessions had it."""
        await self.session.delete(resource)
        await self.session.flush()

    async def list(self, practitioner_id: UUID, page: Page) -> Found[Resource]:
        """All that the practitioner's services may use."""
        return await OLDEST_FIRST.page(self.session, select(Resource).where(_usable_by(practitioner_id)), page)

    async def usable(self, practitioner_id: UUID) -> Sequence[UUID]:
        """The ids of all that the practitioner's services may use."""
        return (await self.session.scalars(select(Resource.id).where(_usable_by(practitioner_id)))).all()

    async def stocks(
        self, practitioner_id: UUID, resource_ids: Collection[UUID], *, lock: bool = False
    ) -> dict[UUID, Stock]:
        """What there is of each of these that the practitioner's services may use.

        With `lock` no other transaction takes any of them meanwhile; all lock in the order of the ids.
        """
        wanted = select(Resource.id, Resource.quantity, Resource.location_id).where(
            Resource.id.in_(resource_ids), _usable_by(practitioner_id)
        )
        if lock:
            wanted = wanted.order_by(Resource.id).with_for_update(key_share=True)
        return {row.id: Stock(row.quantity, row.location_id) for row in (await self.session.execute(wanted)).all()}


class ResourceUses(Repository):
    """Which session has which units, and when."""

    async def find_free(
        self, practitioner_id: UUID, needs: Sequence[Need], at: Times, place_id: UUID | None
    ) -> list[Unit] | None:
        """Units that meet these needs at that time and place, or None. They are this transaction's until the commit."""
        stocks = await Resources(self.session).stocks(practitioner_id, wanted_by(needs), lock=True)
        taken = await self._taken(stocks, at)
        free = {each: stock.at(place_id) - sum(unit[0] == each for unit in taken) for each, stock in stocks.items()}
        counts = assigned(needs, free)
        return None if counts is None else first_free(counts, stocks, taken)

    async def take(self, session_id: UUID, units: Collection[Unit], at: Times) -> bool:
        """Gives the session these units; False where one of them is taken after all."""
        if not units:
            return True
        times = {"start_time": at.start, "end_time": at.end}
        times |= {"blocked_from": at.blocked_from, "blocked_until": at.blocked_until}
        rows = [{"session_id": session_id, "resource_id": each, "unit": unit, **times} for each, unit in units]
        statement = insert(ResourceUse).values(rows).on_conflict_do_nothing().returning(ResourceUse.unit)
        return len((await self.session.scalars(statement)).all()) == len(units)

    async def give_back(self, session_id: UUID) -> None:
        """The session has no units any more."""
        await self.session.execute(delete(ResourceUse).where(ResourceUse.session_id == session_id))

    async def _taken(self, resource_ids: Collection[UUID], at: Times) -> set[Unit]:
        """The units of these that cannot be taken at that time, as the two constraints see it."""
        after = BLOCKED_AFTER.op("&&")(_span(at.start, at.blocked_until))
        before = BLOCKED_BEFORE.op("&&")(_span(at.blocked_from, at.end))
        units = select(ResourceUse.resource_id, ResourceUse.unit)
        rows = await self.session.execute(units.where(ResourceUse.resource_id.in_(resource_ids), or_(after, before)))
        return {(resource_id, unit) for resource_id, unit in rows.all()}


def _usable_by(practitioner_id: UUID) -> ColumnElement[bool]:
    return or_(Resource.practitioner_id == practitioner_id, Resource.shared_with.contains([practitioner_id]))


def _span(first: datetime, until: datetime) -> ColumnElement[object]:
    return func.tstzrange(literal(first), literal(until), type_=TSTZRANGE)


BLOCKED_AFTER = func.tstzrange(ResourceUse.start_time, ResourceUse.blocked_until, type_=TSTZRANGE)
BLOCKED_BEFORE = func.tstzrange(ResourceUse.blocked_from, ResourceUse.end_time, type_=TSTZRANGE)
"""The ranges of the two constraints, whose indexes find what is in the way."""
