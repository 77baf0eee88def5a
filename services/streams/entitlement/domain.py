"""The rule. It works on values and on SQL columns alike, so that a decision about a row and a condition cannot differ.

Level 0 is free: what needs no more is open to everyone, signed in or not.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

FREE = 0
NEVER = datetime.max.replace(tzinfo=UTC)
"""When a draft is published."""


class Access(NamedTuple):
    """Whether the post exists for the caller, and whether its body is open: bools, or conditions in SQL."""

    exists: Any
    open: Any


@dataclass(frozen=True, slots=True)
class AccessInput:
    """What the rule needs to know of a post: values, or columns."""

    stream_id: Any
    owner_id: Any
    published_at: Any
    tier_level: Any


def rule(post: AccessInput, caller: Any, level: Any, now: datetime) -> Access:
    """`level` is the highest tier that `caller` has in the post's stream, `now` is business time.

    A post exists for its owner, and for all others from its publication on. It is open to its owner, and to those
    others whose level suffices.
    """
    own = post.owner_id == caller
    exists = own | (post.published_at <= now)
    return Access(exists, own | (exists & (post.tier_level <= level)))
