"""Rules of comments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from uuid import UUID

LONGEST_BODY = 10_000


async def visible_to_all(_: UUID) -> bool:
    """For targets that every user may see."""
    return True


@dataclass(frozen=True, slots=True)
class CommentTarget:
    """What is commented: a post of a stream, or the stream itself (no `post_id`).

    `owner_id` owns the stream, `title` is that of what is commented. `may_see` says whether a user may see it now.
    """

    stream_id: UUID
    owner_id: UUID
    title: str
    post_id: UUID | None = None
    may_see: Callable[[UUID], Awaitable[bool]] = visible_to_all
