"""SQL of fans' subscriptions."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, or_, select

from services.streams.subscriptions.models import INCOMPLETE, FanSubscription
from shared.database import projection
from shared.database.repository import Repository
from shared.events.subscriptions import (
    SubscriptionSnapshot,
)

STREAM_TIER, ENDED = "stream_tier", "ended"
S = FanSubscription


class Subscriptions(Repository):
    """Who has subscribed to which tier."""

    async def put(self, given: SubscriptionSnapshot) -> bool:
        """Stores it as it is now; False for another kind, and where a newer version is there."""
        if given.kind != STREAM_TIER or given.stream_id is None:
            return False
        names = ("id", "stream_id", "user_id", "level", "status", "access_until", "version")
        return await projection.put(self.session, FanSubscription, {name: getattr(given, name) for name in names})

    async def newer(self, given: Sequence[SubscriptionSnapshot]) -> list[SubscriptionSnapshot]:
        """Those that are newer than what is known, in the order of their ids."""
        same = S.id.in_([snapshot.id for snapshot in given])
        known = {row.id: row.version for row in await self.session.execute(select(S.id, S.version).where(same))}
        news = [snapshot for snapshot in given if known.get(snapshot.id, -1) < snapshot.version]
        return sorted(news, key=lambda snapshot: snapshot.id)

    async def has_living(self, stream_id: UUID, user_id: UUID | None = None) -> bool:
        """Whether somebody, or that user, has one of the stream that was paid and has not ended."""
        living = select(S.id).where(S.stream_id == stream_id, S.status.not_in([INCOMPLETE, ENDED]))
        if user_id is not None:
            living = living.where(S.user_id == user_id)
        return bool(await self.session.scalar(select(living.exists())))

    async def that_matter(self, user_id: UUID) -> Sequence[FanSubscription]:
        """The user's that give access now, and those that are unpaid; the highest level last."""
        matters = or_(S.status == INCOMPLETE, S.access_until > self.session.now())
        return (await self.session.scalars(select(S).where(S.user_id == user_id, matters).order_by(S.level))).all()

    async def in_force(self, user_id: UUID | None, stream_ids: Iterable[UUID]) -> Mapping[UUID, FanSubscription]:
        """By stream, the user's subscription that gives access now; of several the one of the highest level."""
        if user_id is None:
            return {}
        theirs = (S.user_id == user_id, S.stream_id.in_(list(stream_ids)), S.access_until > self.session.now())
        rows = await self.session.scalars(select(S).where(*theirs).order_by(S.level, S.access_until))
        return {row.stream_id: row for row in rows}

    async def remove_all(self, user_id: UUID) -> None:
        """Removes what is known of the user."""
        await self.session.execute(delete(S).where(S.user_id == user_id))


def level_of(stream_id: Any, user_id: Any, now: datetime) -> ColumnElement[int]:
    """The highest level that the user's subscriptions give in the stream at that moment, 0 without one; in SQL."""
    theirs = (S.stream_id == stream_id, S.user_id == user_id, S.access_until > now)
    return func.coalesce(select(func.max(S.level)).where(*theirs).correlate_except(S).scalar_subquery(), 0)
