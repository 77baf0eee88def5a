"""SQL of openings and marks. What runs for each booking is built once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Integer, Uuid, bindparam, func, select, text
from sqlalchemy.dialects.postgresql import ARRAY

from services.booking.openings.domain import Runs
from services.booking.openings.models import OpeningMark, ServiceOpenings
from shared.database.repository import Repository
from shared.database.session import TIMESTAMPTZ, table_of
from shared.database.statements import CompiledStatement

MINUTE = timedelta(minutes=1)
ROLLS_AT_ONCE = 100


@dataclass(frozen=True)
class Stored:
    """What is kept of a service's openings."""

    runs: Runs
    rolls_at: datetime


class Openings(Repository):
    """Openings by service, and the practitioners whose services want new ones."""

    async def due(self) -> Sequence[UUID]:
        """Practitioners who are marked, those first who have waited longest; then some whose openings roll on."""
        marked = await self.session.run(MARKED)
        rolling = await self.session.run(ROLLING, {"now": self.session.now()})
        return list(dict.fromkeys(row.practitioner_id for row in (*marked, *rolling)))

    async def take_turn(self, practitioner_id: UUID) -> None:
        """Takes the practitioner's marks; what commits from now on leaves new ones. No other computes them meanwhile.

        Statements that follow see all that those marks were left for.
        """
        await self.session.run(LOCK, {"name": f"openings {practitioner_id}"})
        await self.session.run(TAKE, {"practitioner": practitioner_id})

    async def of(self, practitioner_id: UUID) -> Mapping[UUID, Stored]:
        """What is kept of the practitioner's services."""
        rows = await self.session.run(OF, {"practitioner": practitioner_id})
        return {
            row.service_id: Stored(
                Runs(row.step_minutes * MINUTE, tuple(zip(row.firsts, row.lasts, strict=True))), row.rolls_at
            )
            for row in rows
        }

    async def put(self, practitioner_id: UUID, openings: Mapping[UUID, Stored]) -> None:
        """Keeps these."""
        rows = [
            {
                "service": service_id,
                "practitioner": practitioner_id,
                "step": new.runs.step // MINUTE,
                "firsts": [first for first, _ in new.runs.runs],
                "lasts": [last for _, last in new.runs.runs],
                "rolls_at": new.rolls_at,
            }
            for service_id, new in openings.items()
        ]
        await self.session.run_many(PUT, rows)

    async def lag(self) -> float:
        """Seconds for which the oldest mark has waited; 0 where there is none."""
        return float((await self.session.run(LAG))[0].seconds)


MARK, OPENINGS = table_of(OpeningMark), table_of(ServiceOpenings)
MARKED = CompiledStatement(
    select(MARK.c.practitioner_id).group_by(MARK.c.practitioner_id).order_by(func.min(MARK.c.id))
)
ROLLING = CompiledStatement(
    select(OPENINGS.c.practitioner_id)
    .where(OPENINGS.c.rolls_at <= bindparam("now", type_=TIMESTAMPTZ))
    .order_by(OPENINGS.c.rolls_at)
    .limit(ROLLS_AT_ONCE)
)
LOCK = CompiledStatement(select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name"), 0))))
TAKE = CompiledStatement(MARK.delete().where(MARK.c.practitioner_id == bindparam("practitioner", type_=Uuid)))
OF = CompiledStatement(
    text(
        """
        select service_id, step_minutes, rolls_at,
               array(select lower(run) from unnest(starts) run) as firsts,
               array(select upper(run) from unnest(starts) run) as lasts
          from booking.openings where practitioner_id = :practitioner"""
    ).bindparams(bindparam("practitioner", type_=Uuid))
)
PUT = CompiledStatement(
    text(
        """
        insert into booking.openings (service_id, practitioner_id, step_minutes, starts, rolls_at, changed_at)
        select :service, :practitioner, :step, coalesce(range_agg(tstzrange(first, last, '[]')), '{}'), :rolls_at, now()
          from unnest(:firsts, :lasts) run (first, last)
        on conflict (service_id) do update
           set practitioner_id = excluded.practitioner_id, step_minutes = excluded.step_minutes,
               starts = excluded.starts, rolls_at = excluded.rolls_at, changed_at = excluded.changed_at"""
    ).bindparams(
        bindparam("service", type_=Uuid),
        bindparam("practitioner", type_=Uuid),
        bindparam("step", type_=Integer),
        bindparam("firsts", type_=ARRAY(TIMESTAMPTZ)),
        bindparam("lasts", type_=ARRAY(TIMESTAMPTZ)),
        bindparam("rolls_at", type_=TIMESTAMPTZ),
    )
)
LAG = CompiledStatement(
    text(
        """
        select coalesce(extract(epoch from clock_timestamp() - min(marked_at)), 0) as seconds
          from booking.opening_marks"""
    )
)
