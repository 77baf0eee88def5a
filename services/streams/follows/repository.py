"""SQL of followers."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from services.streams.follows.models import Follow
from shared.database.repository import Repository


class Follows(Repository):
    """Who follows what."""

    async def find(self, stream_id: UUID, user_id: UUID) -> Follow | None:
        """The user's row of that stream."""
        return await self.session.scalar(select(Follow).where(Follow.stream_id == stream_id, Follow.user_id == user_id))

    async def add(self, stream_id: UUID, user_id: UUID, level: int) -> bool:
        """Adds a follower; False where they follow already, on any tier."""
        row = {"stream_id": stream_id, "user_id": user_id, "tier_level": level, "created_at": self.session.now()}
        added = insert(Follow).values(row).on_conflict_do_nothing().returning(Follow.user_id)
        return await self.session.scalar(added) is not None

    async def remove(self, stream_id: UUID, user_id: UUID) -> None:
        """Removes a follower; again changes nothing."""
        await self.session.execute(delete(Follow).where(Follow.stream_id == stream_id, Follow.user_id == user_id))

    async def remove_all(self, user_id: UUID) -> None:
        """Removes the user from all streams."""
        await self.session.execute(delete(Follow).where(Follow.user_id == user_id))

    async def levels(self, user_id: UUID | None, stream_ids: Iterable[UUID]) -> dict[UUID, int]:
        """The user's tier in each of these streams that they follow."""
        if user_id is None:
            return {}
        wanted = select(Follow.stream_id, Follow.tier_level).where(
            Follow.user_id == user_id, Follow.stream_id.in_(list(stream_ids))
        )
        return {row.stream_id: row.tier_level for row in await self.session.execute(wanted)}
