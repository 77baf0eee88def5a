"""SQL of tiers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert

from services.streams.tiers.models import Tier
from shared.database.repository import Repository


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

    async def remove_except(self, stream_id: UUID, levels: Iterable[int]) -> bool:
        """Removes all others; False, and nothing is removed, where a post or a follower is on one of them."""
        kept = list(levels)
        removed = (Tier.stream_id == stream_id, Tier.level.not_in(kept))
        await self.session.execute(select(Tier.level).where(*removed).with_for_update())
        if await self.session.scalar(IN_USE, {"stream_id": stream_id, "kept": kept}):
            return False
        await self.session.execute(delete(Tier).where(*removed))
        return True


IN_USE = text("""
    select exists (select from streams.posts where stream_id = :stream_id and tier_level <> all(:kept))
        or exists (select from streams.follows where stream_id = :stream_id and tier_level <> all(:kept))
""")
