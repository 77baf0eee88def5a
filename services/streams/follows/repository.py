"""SQL of followers."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, func, select
from sqlalchemy.dialects.postgresql import insert

from services.streams.entitlement import followers_who_may_see
from services.streams.models import Follow, Post, Stream
from services.streams.people.repository import is_gone
from shared.auth.verification import Who
from shared.database.session import Session
from shared.web.pagination import Page, ordered

ORDERINGS: dict[str, ColumnElement[Any]] = {
    "created_at": Follow.created_at.expression,
    "tier_level": Follow.tier_level.expression,
}


class Follows:
    """Who follows what."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def find(self, stream_id: UUID, user_id: UUID) -> Follow | None:
        """That person's following of that stream."""
        return await self.session.scalar(select(Follow).where(Follow.stream_id == stream_id, Follow.user_id == user_id))

    async def add(self, stream_id: UUID, user_id: UUID, level: int) -> bool:
        """Adds a follower; False where they follow already, on whatever level."""
        row = {"stream_id": stream_id, "user_id": user_id, "tier_level": level, "created_at": self.session.now()}
        added = insert(Follow).values(row).on_conflict_do_nothing().returning(Follow.user_id)
        return await self.session.scalar(added) is not None

    async def remove(self, stream_id: UUID, user_id: UUID) -> None:
        """Removes a follower, if there is such a one."""
        await self.session.execute(delete(Follow).where(Follow.stream_id == stream_id, Follow.user_id == user_id))

    async def remove_all_of(self, user_id: UUID) -> None:
        """Ends all that the person follows."""
        await self.session.execute(delete(Follow).where(Follow.user_id == user_id))

    async def list(self, who: Who, page: Page) -> tuple[Sequence[Follow], int]:
        """What the caller follows, latest first; without streams whose creator is gone."""
        hidden = exists().where(Stream.id == Follow.stream_id, is_gone(Stream.owner_id))
        own = (Follow.user_id == who.user_id, ~hidden)
        query = ordered(select(Follow).where(*own), page.ordering, ORDERINGS, "-created_at").order_by(
            Follow.stream_id.desc()
        )
        rows = (await self.session.scalars(query.limit(page.limit).offset(page.offset))).all()
        total = await self.session.scalar(select(func.count()).select_from(Follow).where(*own))
        return rows, total or 0

    async def levels(self, user_id: UUID | None, stream_ids: Iterable[UUID]) -> dict[UUID, int]:
        """The person's level in each of these streams that they follow."""
        if user_id is None:
            return {}
        wanted = select(Follow.stream_id, Follow.tier_level).where(
            Follow.user_id == user_id, Follow.stream_id.in_(list(stream_ids))
        )
        return {row.stream_id: row.tier_level for row in await self.session.execute(wanted)}

    async def to_tell(self, post: Post, limit: int) -> Sequence[UUID]:
        """The next followers, by id, who may see the post now and were not told of it; never its owner."""
        wanted = select(Follow.user_id).where(
            followers_who_may_see(post, self.session.now()), Follow.user_id != post.owner_id
        )
        if post.announced_up_to is not None:
            wanted = wanted.where(Follow.user_id > post.announced_up_to)
        return (await self.session.scalars(wanted.order_by(Follow.user_id).limit(limit))).all()
