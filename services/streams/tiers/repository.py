"""SQL of tiers and of their plans."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from services.streams.tiers.domain import FREE, Offerer
from services.streams.tiers.models import PlanUpdate, Tier
from shared.database.repository import Repository
from shared.records.clock import machine_now
from shared.records.ids import new_id


class Tiers(Repository):
    """The tiers of streams."""

    async def by_stream(self, stream_ids: Iterable[UUID]) -> dict[UUID, Sequence[Tier]]:
        """All tiers of each of these streams, lowest first; one query."""
        rows = await self.session.scalars(
            select(Tier).where(Tier.stream_id.in_(list(stream_ids))).order_by(Tier.stream_id, Tier.level)
        )
        found: dict[UUID, list[Tier]] = defaultdict(list)
        for tier in rows:
            found[tier.stream_id].append(tier)
        return dict(found)

    async def find(self, stream_id: UUID, level: int) -> Tier | None:
        """That tier, which cannot be removed until the commit; None if the stream has no such level."""
        query = select(Tier).where(Tier.stream_id == stream_id, Tier.level == level)
        return await self.session.scalar(query.with_for_update(read=True, key_share=True))

    async def put(self, stream_id: UUID, tiers: Sequence[dict[str, Any]]) -> None:
        """Stores these tiers; those of the same level are changed."""
        statement = insert(Tier).values([{"stream_id": stream_id, **tier} for tier in tiers])
        change = {name: statement.excluded[name] for name in ("name", "price_amount", "currency")}
        await self.session.execute(statement.on_conflict_do_update(index_elements=["stream_id", "level"], set_=change))

    async def remove_except(self, stream_id: UUID, levels: Iterable[int]) -> Sequence[Tier] | None:
        """Removes all others and returns them; None, and nothing is removed, where one of them is needed."""
        kept = list(levels)
        others = (Tier.stream_id == stream_id, Tier.level.not_in(kept))
        removed = (await self.session.scalars(select(Tier).where(*others).with_for_update())).all()
        if await self.session.scalar(IN_USE, {"stream_id": stream_id, "kept": kept}):
            return None
        await self.session.execute(delete(Tier).where(*others))
        return removed


class PlanUpdates(Repository):
    """What payments is still to learn of paid tiers."""

    async def put(self, offerer: Offerer, tiers: Iterable[Tier], *, is_active: bool, is_gone: bool = False) -> None:
        """The plans of these tiers are to be so; what waits of an older version is replaced."""
        rows = [self._row(offerer, tier, is_active=is_active, is_gone=is_gone) for tier in tiers if tier.level > FREE]
        if not rows:
            return
        added = insert(PlanUpdate).values(rows)
        changes = {name: added.excluded[name] for name in rows[0] if name not in {"id", "stream_id", "level"}}
        await self.session.execute(added.on_conflict_do_update(index_elements=["stream_id", "level"], set_=changes))
        self.session.wake_jobs_after_commit("send_plans")

    def _row(self, offerer: Offerer, tier: Tier, *, is_active: bool, is_gone: bool) -> dict[str, Any]:
        return {
            "id": new_id(),
            **offerer._asdict(),
            "level": tier.level,
            "name": tier.name,
            "price_amount": tier.price_amount,
            "currency": tier.currency,
            "is_active": is_active,
            "is_gone": is_gone,
            "created_at": self.session.now(),
            "tries": 0,
            "next_try_at": machine_now(),
            "last_error": None,
        }

    async def find(self, stream_id: UUID, level: int) -> PlanUpdate | None:
        """What waits of that tier."""
        waiting = (PlanUpdate.stream_id == stream_id, PlanUpdate.level == level)
        return await self.session.scalar(select(PlanUpdate).where(*waiting))

    async def done(self, update: PlanUpdate) -> None:
        """Payments has it; what replaced it meanwhile goes on waiting."""
        sent = (PlanUpdate.id == update.id, PlanUpdate.version == update.version)
        await self.session.execute(delete(PlanUpdate).where(*sent))


IN_USE = text("""
    select exists (select from streams.posts where stream_id = :stream_id and tier_level <> all(:kept))
        or exists (select from streams.fan_subscriptions
            where stream_id = :stream_id and status not in ('incomplete', 'ended') and level <> all(:kept))
""")
