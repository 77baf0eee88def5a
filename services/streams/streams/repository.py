"""SQL of streams."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, literal, select, text, union_all

from services.streams.comments.models import Comment
from services.streams.directory.repository import has_lost_approval, is_deactivated, is_suspended
from services.streams.follows.models import Follow
from services.streams.reactions.models import StreamLike, StreamSave
from services.streams.search.repository import fold, matches
from services.streams.streams.models import Stream
from services.streams.streams.schemas import ViewerState
from services.streams.subscriptions.repository import level_of
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page, given
from shared.database.repository import Repository, found
from shared.database.search import alphabetical

COUNTED: dict[str, ColumnElement[int]] = {
    name: select(func.count()).where(rows.stream_id == Stream.id, *more).correlate(Stream).scalar_subquery()
    for name, rows, more in (
        ("like_count", StreamLike, ()),
        ("follower_count", Follow, ()),
        ("comment_count", Comment, (Comment.post_id.is_(None),)),
    )
}
LIST = ListOf(
    Stream,
    {
        "created_at": Stream.created_at,
        "title": alphabetical(fold, Stream.title.expression),
        "follower_count": COUNTED["follower_count"],
        "like_count": COUNTED["like_count"],
    },
    last=Stream.id.desc(),
    search=partial(matches, Stream.folded.expression, Stream.words.expression),
)
# Posts stand on streams, so their model is not known here. Locked: a post is published before this, or never.
LOCK_POSTS = text("select id, status from streams.posts where stream_id = :stream_id order by id for update")


@dataclass(frozen=True, slots=True)
class StreamFilter:
    """Which streams to list; None filters nothing. `saved` is the caller's."""

    practitioner_id: UUID | None = None
    saved: bool | None = None


class Streams(Repository):
    """Streams; everyone may see them, unless their creator's account is closed."""

    async def get(self, stream_id: UUID, *, lock: bool = False) -> Stream:
        """The stream; raises NotFound. With `lock` it cannot be deleted until the commit."""
        query = select(Stream).where(Stream.id == stream_id, ~is_deactivated(Stream.owner_id))
        return found(
            await self.session.scalar(query.with_for_update(read=True, key_share=True) if lock else query), "stream"
        )

    async def get_own(self, stream_id: UUID, caller: Caller, *, for_deletion: bool = False) -> Stream:
        """The caller's own, locked for a change (or for its deletion); raises NotFound for another's."""
        query = select(Stream).where(Stream.id == stream_id, Stream.owner_id == caller.user_id)
        return found(await self.session.scalar(query.with_for_update(key_share=not for_deletion)), "stream")

    async def may_sell(self, stream: Stream) -> bool:
        """Whether its creator is neither suspended nor without approval."""
        is_off = is_suspended(stream.owner_id) | has_lost_approval(stream.practitioner_id)
        return not await self.session.scalar(select(is_off))

    async def list(self, page: Page, caller: Caller | None, only: StreamFilter) -> Found[Stream]:
        """One page and the total; two queries. Without those whose creator has no approval or is suspended."""
        is_off = is_deactivated(Stream.owner_id) | is_suspended(Stream.owner_id)
        wanted = [~is_off, ~has_lost_approval(Stream.practitioner_id), *_filters(only, caller)]
        return await LIST.page(self.session, select(Stream).where(*wanted), page)

    async def list_followed(self, caller: Caller, page: Page) -> Found[Follow]:
        """What the caller follows, latest first; without streams whose creator's account is closed."""
        hidden = exists().where(Stream.id == Follow.stream_id, is_deactivated(Stream.owner_id))
        own = select(Follow).where(Follow.user_id == caller.user_id, ~hidden)
        level = level_of(Follow.stream_id, Follow.user_id, self.session.now())
        by = {"created_at": Follow.created_at, "tier_level": level}
        return await ListOf(Follow, by, last=Follow.stream_id.desc()).page(self.session, own, page)

    async def lock_all_of(self, owner_id: UUID) -> Sequence[Stream]:
        """The owner's streams, locked for their deletion."""
        own = select(Stream).where(Stream.owner_id == owner_id).order_by(Stream.id)
        return (await self.session.scalars(own.with_for_update())).all()

    async def remove(self, stream: Stream) -> Sequence[UUID]:
        """Deletes a locked stream with everything in it; returns the ids of those of its posts that were published."""
        posts = (await self.session.execute(LOCK_POSTS, {"stream_id": stream.id})).all()
        await self.session.delete(stream)
        return [post.id for post in posts if post.status == "published"]

    async def counts(self, stream_ids: Iterable[UUID]) -> dict[UUID, dict[str, int]]:
        """The numbers of likes, followers and comments of each of these; one query."""
        counted = select(Stream.id, *(column.label(name) for name, column in COUNTED.items()))
        rows = await self.session.execute(counted.where(Stream.id.in_(list(stream_ids))))
        return {row.id: {name: getattr(row, name) for name in COUNTED} for row in rows}

    async def viewer_states(self, stream_ids: Iterable[UUID], caller: Caller | None) -> dict[UUID, ViewerState]:
        """What the caller has done with each of these; one query."""
        ids = list(stream_ids)
        if caller is None or not ids:
            return {}
        parts = [
            select(literal(name).label("name"), table.stream_id, level.label("level")).where(
                table.user_id == caller.user_id, table.stream_id.in_(ids)
            )
            for name, table, level in (
                ("liked", StreamLike, literal(0)),
                ("saved", StreamSave, literal(0)),
                ("subscribed_level", Follow, level_of(Follow.stream_id, Follow.user_id, self.session.now())),
            )
        ]
        found: dict[UUID, dict[str, Any]] = defaultdict(dict)
        for name, stream_id, level in await self.session.execute(union_all(*parts)):
            found[stream_id][name] = level if name == "subscribed_level" else True
        return {stream_id: ViewerState(**state) for stream_id, state in found.items()}


def _filters(only: StreamFilter, caller: Caller | None) -> list[ColumnElement[bool]]:
    wanted = given({Stream.practitioner_id: only.practitioner_id})
    if only.saved is None or caller is None:
        return wanted
    saved = exists().where(StreamSave.stream_id == Stream.id, StreamSave.user_id == caller.user_id)
    return [*wanted, saved if only.saved else ~saved]
