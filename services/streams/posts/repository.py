"""SQL of posts. Who may see what is decided by `entitlement`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select, union_all

from services.streams.comments.models import Comment
from services.streams.directory.repository import is_deactivated
from services.streams.entitlement.domain import AccessInput
from services.streams.entitlement.repository import condition, followers_who_may_see
from services.streams.follows.models import Follow
from services.streams.posts.domain import PostStatus
from services.streams.posts.models import Post
from services.streams.reactions.models import PostLike
from services.streams.search.repository import fold, has_none_excluded, matches
from shared.auth.verification import Caller
from shared.database.listing import Found, ListOf, Page
from shared.database.repository import Repository, found
from shared.database.search import alphabetical

HEAD, HEAD_WORDS = Post.head.expression, Post.head_words.expression
WHOLE_TEXT, WHOLE_WORDS = Post.whole.expression, Post.whole_words.expression
COLUMNS = AccessInput(Post.stream_id, Post.owner_id, Post.published_at, Post.tier_level)
LIST = ListOf(
    Post,
    {
        "published_at": Post.published_at,
        "created_at": Post.created_at,
        "title": alphabetical(fold, Post.title.expression),
    },
    default="-published_at",
    last=Post.id.desc(),
)


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of likes and comments of a post."""

    likes: int = 0
    comments: int = 0


class Posts(Repository):
    """Posts, as far as they exist for the caller."""

    async def get_visible(self, post_id: UUID, caller: Caller | None, *, lock: bool = False) -> Post:
        """The post, whose body may need a higher tier; raises NotFound. With `lock` it cannot be deleted meanwhile."""
        exists = condition(COLUMNS, caller, self.session.now()).exists
        query = select(Post).where(Post.id == post_id, exists, ~is_deactivated(Post.owner_id))
        return found(
            await self.session.scalar(query.with_for_update(read=True, key_share=True) if lock else query), "post"
        )

    async def get_own(self, post_id: UUID, caller: Caller, *, for_deletion: bool = False) -> Post:
        """The caller's own, locked for a change (or for its deletion); raises NotFound for another's."""
        query = select(Post).where(Post.id == post_id, Post.owner_id == caller.user_id)
        return found(await self.session.scalar(query.with_for_update(key_share=not for_deletion)), "post")

    async def list(self, stream_id: UUID, caller: Caller | None, page: Page, status: PostStatus) -> Found[Post]:
        """One page of the stream's posts of that status, newest first, and the total; two queries.

        A search looks into bodies only where they are open to the caller, so that the total reveals no others either.
        """
        now = self.session.now()
        access = condition(COLUMNS, caller, now)
        wanted = select(Post).where(Post.stream_id == stream_id, access.exists, _status_is(status, now))
        return await LIST.page(self.session, wanted, page, partial(_contains, access.open))

    async def liked_among(self, post_ids: Iterable[UUID], caller: Caller | None) -> set[UUID]:
        """Which of these posts the caller likes."""
        if caller is None:
            return set()
        own = select(PostLike.post_id).where(PostLike.user_id == caller.user_id, PostLike.post_id.in_(list(post_ids)))
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
        due = select(Post).where(*scheduled, ~is_deactivated(Post.owner_id))
        first = due.order_by(Post.published_at, Post.id).limit(limit)
        return (await self.session.scalars(first.with_for_update(skip_locked=True, key_share=True))).all()

    async def next_to_announce(self) -> Post | None:
        """The published post that waits longest for its followers to be notified, locked."""
        unannounced = (Post.status == PostStatus.PUBLISHED, Post.announced_at.is_(None))
        waiting = select(Post).where(*unannounced, ~is_deactivated(Post.owner_id))
        first = waiting.order_by(Post.published_at, Post.id).limit(1)
        return await self.session.scalar(first.with_for_update(skip_locked=True, key_share=True))

    async def next_recipients(self, post: Post, limit: int) -> Sequence[UUID]:
        """The next followers, by id, who may see the post now and were not notified of it; never its owner."""
        wanted = select(Follow.user_id).where(
            followers_who_may_see(post.access_input, self.session.now()), Follow.user_id != post.owner_id
        )
        if post.announced_up_to is not None:
            wanted = wanted.where(Follow.user_id > post.announced_up_to)
        return (await self.session.scalars(wanted.order_by(Follow.user_id).limit(limit))).all()


def _contains(is_open: ColumnElement[bool], query: str) -> ColumnElement[bool]:
    in_body = is_open & matches(WHOLE_TEXT, WHOLE_WORDS, query)
    none_excluded = ~is_open | has_none_excluded(WHOLE_TEXT, WHOLE_WORDS, query)
    return (matches(HEAD, HEAD_WORDS, query) | in_body) & none_excluded


def _status_is(status: PostStatus, now: datetime) -> ColumnElement[bool]:
    """The status as people see it: what is scheduled for a moment that has come is published."""
    if status is PostStatus.PUBLISHED:
        return Post.published_at <= now
    return (Post.status == status) & (Post.published_at.is_(None) | (Post.published_at > now))
