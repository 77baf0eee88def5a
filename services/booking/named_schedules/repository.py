"""Stored named schedules, and who uses them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.booking.schedules.models import NamedSchedule, Schedule, ScheduleUse
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.records.ids import new_id

ORDERINGS = {"name": NamedSchedule.name, "created_at": NamedSchedule.created_at}
OLDEST_FIRST = ListOf(NamedSchedule, ORDERINGS, default="created_at", last=NamedSchedule.id)


class NamedSchedules(Repository):
    """The named schedules of practitioners."""

    async def add(self, practitioner_id: UUID, content: dict[str, Any], now: datetime) -> NamedSchedule:
        """Stores a new one."""
        row = {"id": new_id(), "practitioner_id": practitioner_id, "created_at": now, "updated_at": now}
        statement = insert(NamedSchedule).values(**row, **content).returning(NamedSchedule)
        return (await self.session.execute(statement)).scalar_one()

    async def get(self, schedule_id: UUID, practitioner_id: UUID | None) -> NamedSchedule:
        """The practitioner's own; raises NotFound."""
        statement = select(NamedSchedule).where(*_own(schedule_id, practitioner_id))
        return found((await self.session.execute(statement)).scalar_one_or_none(), "schedule")

    async def replace(
        self, schedule_id: UUID, practitioner_id: UUID | None, content: dict[str, Any], now: datetime
    ) -> NamedSchedule:
        """Stores the whole of it in place of what was; raises NotFound."""
        change = update(NamedSchedule).where(*_own(schedule_id, practitioner_id))
        statement = change.values(**content, updated_at=now).returning(NamedSchedule)
        return found((await self.session.execute(statement)).scalar_one_or_none(), "schedule")

    async def remove(self, schedule_id: UUID, practitioner_id: UUID | None) -> None:
        """Ends it, and its uses; raises NotFound."""
        statement = delete(NamedSchedule).where(*_own(schedule_id, practitioner_id)).returning(NamedSchedule.id)
        found((await self.session.execute(statement)).scalar_one_or_none(), "schedule")

    async def use(self, schedule: NamedSchedule, service_ids: Collection[UUID]) -> None:
        """These services, which are locked, use it from now on instead of what they had; no others do."""
        unused = ScheduleUse.schedule_id == schedule.id, ScheduleUse.service_id.not_in(service_ids)
        await self.session.execute(delete(ScheduleUse).where(*unused))
        if not service_ids:
            return
        row = {"practitioner_id": schedule.practitioner_id, "schedule_id": schedule.id}
        uses = insert(ScheduleUse).values([{"service_id": each, **row} for each in service_ids])
        await self.session.execute(uses.on_conflict_do_update(index_elements=["service_id"], set_=row))
        await self.session.execute(delete(Schedule).where(Schedule.service_id.in_(service_ids)))

    async def uses(self, schedule_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
        """The services that use each; those without any are missing."""
        wanted = select(ScheduleUse.schedule_id, ScheduleUse.service_id).order_by(ScheduleUse.service_id)
        services: dict[UUID, list[UUID]] = {}
        for schedule_id, service_id in await self.session.execute(
            wanted.where(ScheduleUse.schedule_id.in_(schedule_ids))
        ):
            services.setdefault(schedule_id, []).append(service_id)
        return services

    async def list(self, practitioner_id: UUID, page: Page) -> Found[NamedSchedule]:
        """All of a practitioner's."""
        query = select(NamedSchedule).where(NamedSchedule.practitioner_id == practitioner_id)
        return await OLDEST_FIRST.page(self.session, query, page)


def _own(schedule_id: UUID, practitioner_id: UUID | None) -> tuple[Any, ...]:
    return NamedSchedule.id == schedule_id, NamedSchedule.practitioner_id == practitioner_id
