"""Rules of posts."""

from datetime import datetime
from enum import StrEnum


class PostType(StrEnum):
    """What a post mainly is."""

    TEXT = "text"
    GALLERY = "gallery"
    VIDEO = "video"
    AUDIO = "audio"
    POLL = "poll"


class PostStatus(StrEnum):
    """How far a post has come. A scheduled post is visible from its moment on, before the job has marked it."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"


LONGEST_BODY = 10_000


def status_at(status: PostStatus, published_at: datetime | None, now: datetime) -> PostStatus:
    """The status as people see it at business time `now`."""
    is_due = status is PostStatus.SCHEDULED and published_at is not None and published_at <= now
    return PostStatus.PUBLISHED if is_due else status


TRANSITIONS: dict[PostStatus, frozenset[PostStatus]] = {
    PostStatus.DRAFT: frozenset({PostStatus.SCHEDULED, PostStatus.PUBLISHED}),
    PostStatus.SCHEDULED: frozenset({PostStatus.DRAFT, PostStatus.PUBLISHED}),
    PostStatus.PUBLISHED: frozenset(),
}
