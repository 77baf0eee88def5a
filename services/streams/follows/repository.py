"""SQL of followers."""

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.streams.follows.models import FREE, Follow
from shared.database.repository import Repository


class Follows(Repository):
    """Who follows what."""

    async def add(self, stream_id: UUID, user_id: UUID) -> bool:
        """Adds a follower; False where they follow already."""
        row = {"stream_id": stream_id, "user_id": user_id, "tier_level": FREE, "created_at": self.session.now()}
        added = insert(Follow).values(row).on_conflict_do_nothing().returning(Follow.user_id)
        return await self.session.scalar(added) is not None

    async def remove(self, stream_id: UUID, user_id: UUID) -> None:
        """Removes a follower; again changes nothing."""
        await self.session.execute(delete(Follow).where(Follow.stream_id == stream_id, Follow.user_id == user_id))

    async def remove_all(self, user_id: UUID) -> None:
        """Removes the user from all streams."""
        await self.session.execute(delete(Follow).where(Follow.user_id == user_id))
