"""Stored hours."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from services.booking.schedules.models import NamedSchedule, Schedule, ScheduleUse
from shared.database.repository import Repository
from shared.records.ids import new_id


class Schedules(Repository):
    """The schedules of practitioners and of services that have their own."""

    async def find(self, practitioner_id: UUID, service_id: UUID | None = None) -> Schedule | None:
        """The practitioner's usual schedule, or the one of that service."""
        statement = select(Schedule).where(
            Schedule.practitioner_id == practitioner_id, Schedule.service_id.is_not_distinct_from(service_id)
        )
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def remove(self, practitioner_id: UUID, service_id: UUID) -> None:
        """Ends what the service has in place of its practitioner's hours; without any changes nothing."""
        its = (Schedule.practitioner_id == practitioner_id, Schedule.service_id == service_id)
        await self.session.execute(delete(Schedule).where(*its))
        await self.session.execute(delete(ScheduleUse).where(ScheduleUse.service_id == service_id))

    async def use(self, practitioner_id: UUID, service_id: UUID, schedule_id: UUID) -> NamedSchedule | None:
        """The service, which is locked, uses that named schedule from now on; None if the practitioner has it not."""
        own = (NamedSchedule.id == schedule_id, NamedSchedule.practitioner_id == practitioner_id)
        named = await self.session.scalar(select(NamedSchedule).where(*own).with_for_update(read=True, key_share=True))
        if named is not None:
            await self.remove(practitioner_id, service_id)
            row = {"service_id": service_id, "practitioner_id": practitioner_id, "schedule_id": schedule_id}
            await self.session.execute(insert(ScheduleUse).values(**row))
        return named

    async def travel_minutes(self, practitioner_id: UUID) -> int:
        """The practitioner's travel time now."""
        its = (Schedule.practitioner_id == practitioner_id, Schedule.service_id.is_(None))
        return await self.session.scalar(select(Schedule.travel_minutes).where(*its)) or 0

    async def change_travel(self, practitioner_id: UUID, minutes: int) -> None:
        """Gives coming sessions that travel time, as far as none elsewhere begins before; services are locked."""
        asked = {"practitioner": practitioner_id, "minutes": minutes, "now": self.session.now()}
        await self.session.execute(TRAVEL, asked)

    async def used_by(self, service_id: UUID) -> NamedSchedule | None:
        """The named schedule that the service uses."""
        used = ScheduleUse.schedule_id == NamedSchedule.id
        statement = select(NamedSchedule).join(ScheduleUse, used).where(ScheduleUse.service_id == service_id)
        return (await self.session.execute(statement)).scalar_one_or_none()

    async def replace(
        self, practitioner_id: UUID, service_id: UUID | None, content: dict[str, Any], now: datetime
    ) -> Schedule:
        """Stores the whole schedule in place of the one before."""
        row = {"id": new_id(), "practitioner_id": practitioner_id, "service_id": service_id, "updated_at": now}
        statement = (
            insert(Schedule)
            .values(**row, **content)
            .on_conflict_do_update(
                constraint="uq_schedules_practitioner_id_service_id", set_={**content, "updated_at": now}
            )
            .returning(Schedule)
        )
        return (await self.session.execute(statement)).scalar_one()


# Each ends at the latest where the next one elsewhere begins, so that the constraint refuses none.
TRAVEL = text("""
    update booking.sessions r
       set away_until = least(r.end_time + make_interval(mins => :minutes), (
               select min(b.start_time) from booking.sessions b
                where b.practitioner_id = r.practitioner_id and b.active and b.place_id <> r.place_id
                  and b.start_time >= r.end_time))
     where r.practitioner_id = :practitioner and r.active and r.place_id is not null and r.end_time > :now
""")
