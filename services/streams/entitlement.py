"""Who may see a post: one rule, asked by every way out (answers, lists, search, comments, votes, notices).

The rule works on values and on columns alike, so that the decision about a row in hand and the condition in SQL
cannot differ. Level 0 is free: what needs no more is open to everyone, signed in or not.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple, Self
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, select

from services.streams.models import Follow, Post
from shared.auth.verification import Who

FREE = 0
NEVER = datetime.max.replace(tzinfo=UTC)


class Access(NamedTuple):
    """Whether the post is there for the caller, and whether its body is open: bools, or conditions in SQL."""

    exists: Any
    open: Any


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rule needs to know of a post: values, or columns."""

    owner_id: Any
    published_at: Any
    tier_level: Any

    @classmethod
    def of(cls, post: Post) -> Self:
        """The values of a row; a draft is published never."""
        return cls(post.owner_id, post.published_at or NEVER, post.tier_level)


COLUMNS = Facts(Post.owner_id, Post.published_at, Post.tier_level)


def rule(post: Facts, caller: Any, level: Any, now: datetime) -> Access:
    """The rule. `level` is the highest tier that `caller` has in the post's stream, `now` is business time.

    A post is there for its owner, and for all others from its publication on. It is open to its owner, and to those
    others whose level suffices.
    """
    own = post.owner_id == caller
    exists = own | (post.published_at <= now)
    return Access(exists, own | (exists & (post.tier_level <= level)))


def decide(post: Post, caller: UUID | None, level: int, now: datetime) -> Access:
    """The decision about one row."""
    return rule(Facts.of(post), caller, level, now)


def condition(who: Who | None, now: datetime) -> Access:
    """The same as conditions on Post, for whoever asks."""
    caller = None if who is None else who.user_id
    return rule(COLUMNS, caller, _level_of(who), now)


def followers_who_may_see(post: Post, now: datetime) -> ColumnElement[bool]:
    """The same as a condition on Follow: which followers of the post's stream may see it."""
    allowed: ColumnElement[bool] = rule(Facts.of(post), Follow.user_id, Follow.tier_level, now).open
    return (Follow.stream_id == post.stream_id) & allowed


def _level_of(who: Who | None) -> ColumnElement[int]:
    if who is None:
        return literal(FREE)
    own = select(Follow.tier_level).where(Follow.stream_id == Post.stream_id, Follow.user_id == who.user_id)
    return func.coalesce(own.correlate(Post).scalar_subquery(), FREE)
