"""SQL of streams and tiers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, delete, exists, func, literal, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import TSVECTOR, insert

from services.streams.channels.schemas import Own
from services.streams.models import Comment, Follow, Post, Stream, StreamLike, StreamSave, Tier
from services.streams.people.repository import has_lost_approval, is_gone
from services.streams.search import fold, matches
from shared.auth.verification import Who
from shared.database.search import alphabetical
from shared.database.session import Session
from shared.errors import NotFound
from shared.web.pagination import Page, ordered

FOLDED: ColumnElement[str] = literal_column("streams.streams.folded", Text)
WORDS: ColumnElement[Any] = literal_column("streams.streams.words", TSVECTOR)
COUNTED: dict[str, ColumnElement[int]] = {
    name: select(func.count()).where(rows.stream_id == Stream.id, *more).correlate(Stream).scalar_subquery()
    for name, rows, more in (
        ("like_count", StreamLike, ()),
        ("follower_count", Follow, ()),
        ("comment_count", Comment, (Comment.post_id.is_(None),)),
    )
}
ORDERINGS: dict[str, ColumnElement[Any] | tuple[ColumnElement[Any], ...]] = {
    "created_at": Stream.created_at.expression,
    "title": alphabetical(fold, Stream.title.expression),
    "follower_count": COUNTED["follower_count"],
    "like_count": COUNTED["like_count"],
}


class Streams:
    """Streams; everyone may see them, unless their creator is gone."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def get(self, stream_id: UUID, *, keep: bool = False) -> Stream:
        """The stream; raises NotFound. `keep` holds off its deletion until the commit."""
        query = select(Stream).where(Stream.id == stream_id, ~is_gone(Stream.owner_id))
        return _found(await self.session.scalar(query.with_for_update(read=True, key_share=True) if keep else query))

    async def get_own(self, stream_id: UUID, who: Who, *, delete: bool = False) -> Stream:
        """The caller's own, locked for a change (or for its deletion); raises NotFound for another's."""
        query = select(Stream).where(Stream.id == stream_id, Stream.owner_id == who.user_id)
        return _found(await self.session.scalar(query.with_for_update(key_share=not delete)))

    async def list(self, page: Page, *conditions: ColumnElement[bool]) -> tuple[Sequence[Stream], int]:
        """One page and the total; two queries, however long the page. Without those whose creator may not sell."""
        listed = [~is_gone(Stream.owner_id), ~has_lost_approval(Stream.practitioner_id)]
        wanted = [*conditions, *listed, *([matches(FOLDED, WORDS, page.search)] if page.search else [])]
        query = ordered(select(Stream).where(*wanted), page.ordering, ORDERINGS, "-created_at").order_by(
            Stream.id.desc()
        )
        rows = (await self.session.scalars(query.limit(page.limit).offset(page.offset))).all()
        total = await self.session.scalar(select(func.count()).select_from(Stream).where(*wanted))
        return rows, total or 0

    async def counts(self, stream_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
        """The numbers of likes, followers and comments of each of these; one query."""
        counted = select(Stream.id, *(column.label(name) for name, column in COUNTED.items()))
        rows = await self.session.execute(counted.where(Stream.id.in_(list(stream_ids))))
        return {row.id: {name: getattr(row, name) for name in COUNTED} for row in rows}

    async def own_of(self, who: Who | None, stream_ids: Iterable[UUID]) -> dict[UUID, Own]:
        """What the caller has to do with each of these; one query."""
        ids = list(stream_ids)
        if who is None or not ids:
            return {}
        parts = [
            select(literal(name).label("name"), table.stream_id, level.label("level")).where(
                table.user_id == who.user_id, table.stream_id.in_(ids)
            )
            for name, table, level in (
                ("liked", StreamLike, literal(0)),
                ("saved", StreamSave, literal(0)),
                ("subscribed_level", Follow, Follow.tier_level),
            )
        ]
        found: dict[UUID, dict[str, Any]] = defaultdict(dict)
        for name, stream_id, level in await self.session.execute(union_all(*parts)):
            found[stream_id][name] = level if name == "subscribed_level" else True
        return {stream_id: Own(**facts) for stream_id, facts in found.items()}


class TierRows:
    """The tiers of streams."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def of(self, stream_ids: Iterable[UUID]) -> dict[UUID, Sequence[Tier]]:
        """All tiers of each of these streams, lowest first; one query."""
        rows = await self.session.scalars(
            select(Tier).where(Tier.stream_id.in_(list(stream_ids))).order_by(Tier.stream_id, Tier.level)
        )
        found: dict[UUID, list[Tier]] = defaultdict(list)
        for tier in rows:
            found[tier.stream_id].append(tier)
        return dict(found)

    async def find(self, stream_id: UUID, level: int) -> Tier | None:
        """That tier, kept until the commit; None if the stream has no such level."""
        query = select(Tier).where(Tier.stream_id == stream_id, Tier.level == level)
        return await self.session.scalar(query.with_for_update(read=True, key_share=True))

    async def put(self, stream_id: UUID, tiers: Sequence[dict[str, Any]]) -> None:
        """Writes these tiers; those of the same level are changed."""
        statement = insert(Tier).values([{"stream_id": stream_id, **tier} for tier in tiers])
        change = {name: statement.excluded[name] for name in ("name", "price_amount", "currency")}
        await self.session.execute(statement.on_conflict_do_update(index_elements=["stream_id", "level"], set_=change))

    async def remove_except(self, stream_id: UUID, levels: Iterable[int]) -> bool:
        """Removes all others; False, and nothing is removed, where a post or a follower is on one of them."""
        gone = (Tier.stream_id == stream_id, Tier.level.not_in(list(levels)))
        await self.session.execute(select(Tier.level).where(*gone).with_for_update())
        in_use = [
            exists().where(table.stream_id == stream_id, table.tier_level.not_in(list(levels)))
            for table in (Post, Follow)
        ]
        if await self.session.scalar(select(in_use[0] | in_use[1])):
            return False
        await self.session.execute(delete(Tier).where(*gone))
        return True


def _found(stream: Stream | None) -> Stream:
    if stream is None:
        raise NotFound("There is no such stream.")
    return stream
