"""SQL of posts, polls and votes. Who may see what comes from `entitlement`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, delete, func, insert, literal, literal_column, select, union_all
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.dialects.postgresql import insert as insert_once

from services.streams import entitlement
from services.streams.models import Comment, PollOption, Post, PostLike, Vote
from services.streams.people.repository import is_gone
from services.streams.posts.domain import PostStatus
from services.streams.search import fold, has_none_excluded, matches
from shared.auth.verification import Who
from shared.database.search import alphabetical
from shared.database.session import Session
from shared.errors import NotFound
from shared.records.ids import new_id
from shared.web.pagination import Page, one_page, ordered

HEAD: ColumnElement[str] = literal_column("streams.posts.head", Text)
WHOLE_TEXT: ColumnElement[str] = literal_column("streams.posts.whole", Text)
HEAD_WORDS: ColumnElement[Any] = literal_column("streams.posts.head_words", TSVECTOR)
WHOLE_WORDS: ColumnElement[Any] = literal_column("streams.posts.whole_words", TSVECTOR)
ORDERINGS: dict[str, ColumnElement[Any] | tuple[ColumnElement[Any], ...]] = {
    "published_at": Post.published_at.expression,
    "created_at": Post.created_at.expression,
    "title": alphabetical(fold, Post.title.expression),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """How many like and comment a post."""

    likes: int = 0
    comments: int = 0


class Posts:
    """Posts, as far as they are there for the caller."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def get_visible(self, post_id: UUID, who: Who | None, *, keep: bool = False) -> Post:
        """The post, which may be locked; raises NotFound. `keep` holds off its deletion until the commit."""
        there = entitlement.condition(who, self.session.now()).exists
        query = select(Post).where(Post.id == post_id, there, ~is_gone(Post.owner_id))
        return _found(await self.session.scalar(query.with_for_update(read=True, key_share=True) if keep else query))

    async def get_own(self, post_id: UUID, who: Who, *, delete: bool = False) -> Post:
        """The caller's own, locked for a change (or for its deletion); raises NotFound for another's."""
        query = select(Post).where(Post.id == post_id, Post.owner_id == who.user_id)
        return _found(await self.session.scalar(query.with_for_update(key_share=not delete)))

    async def list(
        self, page: Page, who: Who | None, stream_id: UUID, status: PostStatus
    ) -> tuple[Sequence[Post], int]:
        """One page of the stream's posts of that status, newest first, and the total; two queries.

        A search looks into bodies only where they are open to the caller, so that not even the total tells of others.
        """
        now = self.session.now()
        access = entitlement.condition(who, now)
        wanted = [Post.stream_id == stream_id, access.exists, _status_is(status, now)]
        if page.search:
            in_body = access.open & matches(WHOLE_TEXT, WHOLE_WORDS, page.search)
            wanted.append(matches(HEAD, HEAD_WORDS, page.search) | in_body)
            wanted.append(~access.open | has_none_excluded(WHOLE_TEXT, WHOLE_WORDS, page.search))
        query = ordered(select(Post.id).where(*wanted), page.ordering, ORDERINGS, "-published_at")
        return await one_page(self.session, Post, query.order_by(Post.id.desc()), page)

    async def liked_among(self, who: Who | None, post_ids: Iterable[UUID]) -> set[UUID]:
        """Which of these posts the caller likes."""
        if who is None:
            return set()
        own = select(PostLike.post_id).where(PostLike.user_id == who.user_id, PostLike.post_id.in_(list(post_ids)))
        return set((await self.session.scalars(own)).all())

    async def counts(self, post_ids: Iterable[UUID]) -> dict[UUID, Counts]:
        """The likes and comments of these posts; one query."""
        ids = list(post_ids)
        parts = [
            select(literal(name).label("name"), rows.post_id.label("post_id"), func.count().label("found"))
            .where(rows.post_id.in_(ids))
            .group_by(rows.post_id)
            for name, rows in (("likes", PostLike), ("comments", Comment))
        ]
        found: dict[UUID, dict[str, int]] = defaultdict(dict)
        for row in (await self.session.execute(union_all(*parts))).all():
            found[row.post_id][row.name] = row.found
        return {post_id: Counts(**found[post_id]) for post_id in ids}

    async def due(self, limit: int) -> Sequence[Post]:
        """Scheduled posts whose moment has come, locked, those that wait longest first."""
        scheduled = (Post.status == PostStatus.SCHEDULED, Post.published_at <= self.session.now())
        due = select(Post).where(*scheduled, ~is_gone(Post.owner_id))
        first = due.order_by(Post.published_at, Post.id).limit(limit)
        return (await self.session.scalars(first.with_for_update(skip_locked=True, key_share=True))).all()

    async def next_to_announce(self) -> Post | None:
        """The published post that waits longest for its followers to be told, locked."""
        untold = (Post.status == PostStatus.PUBLISHED, Post.announced_at.is_(None))
        waiting = select(Post).where(*untold, ~is_gone(Post.owner_id))
        first = waiting.order_by(Post.published_at, Post.id).limit(1)
        return await self.session.scalar(first.with_for_update(skip_locked=True, key_share=True))


class Polls:
    """Answers and votes."""

    def __init__(self, session: Session) -> None:
        self.session = session

    async def replace(self, post_id: UUID, texts: Sequence[str]) -> None:
        """Writes these answers in their order; the present ones go, with their votes."""
        await self.session.execute(delete(PollOption).where(PollOption.post_id == post_id))
        rows: list[dict[str, Any]] = [
            {"id": new_id(), "post_id": post_id, "position": position, "text": text}
            for position, text in enumerate(texts)
        ]
        await self.session.execute(insert(PollOption), rows)

    async def options(self, post_ids: Iterable[UUID]) -> dict[UUID, Sequence[PollOption]]:
        """The answers of each poll, in their order; one query."""
        rows = await self.session.scalars(
            select(PollOption)
            .where(PollOption.post_id.in_(list(post_ids)))
            .order_by(PollOption.post_id, PollOption.position)
        )
        found: dict[UUID, list[PollOption]] = defaultdict(list)
        for option in rows:
            found[option.post_id].append(option)
        return dict(found)

    async def votes_of(self, who: Who | None, post_ids: Iterable[UUID]) -> dict[UUID, UUID]:
        """For what the caller voted in each of these polls."""
        if who is None:
            return {}
        own = select(Vote.post_id, Vote.option_id).where(Vote.user_id == who.user_id, Vote.post_id.in_(list(post_ids)))
        return {row.post_id: row.option_id for row in await self.session.execute(own)}

    async def has(self, post_id: UUID, option_id: UUID) -> bool:
        """Whether that answer is one of this poll's."""
        wanted = select(PollOption.id).where(PollOption.post_id == post_id, PollOption.id == option_id)
        return await self.session.scalar(wanted) is not None

    async def vote(self, post_id: UUID, user_id: UUID, option_id: UUID) -> bool:
        """Stores the person's vote; False where they have voted already."""
        row = {"post_id": post_id, "user_id": user_id, "option_id": option_id, "created_at": self.session.now()}
        added = insert_once(Vote).values(row).on_conflict_do_nothing().returning(Vote.user_id)
        return await self.session.scalar(added) is not None

    async def tally(self, post_ids: Iterable[UUID]) -> dict[UUID, int]:
        """How many voted for each answer of these polls; one query."""
        votes = select(Vote.option_id, func.count().label("votes")).where(Vote.post_id.in_(list(post_ids)))
        return {row.option_id: row.votes for row in await self.session.execute(votes.group_by(Vote.option_id))}

    async def remove_all_of(self, user_id: UUID) -> None:
        """Removes the person's votes."""
        await self.session.execute(delete(Vote).where(Vote.user_id == user_id))


def _status_is(status: PostStatus, now: datetime) -> ColumnElement[bool]:
    """The status as people see it: what is scheduled for a moment that has come is published."""
    if status is PostStatus.PUBLISHED:
        return Post.published_at <= now
    return (Post.status == status) & (Post.published_at.is_(None) | (Post.published_at > now))


def _found(post: Post | None) -> Post:
    if post is None:
        raise NotFound("There is no such post.")
    return post
