"""Events of streams. None carries the body of a post or a comment: a service that needs it asks streams by id."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, ClassVar
from uuid import UUID

from shared.events.base import Event, Owned, Personal


class PostEvent(Event):
    """An event about one post; ordered per post."""

    topic: ClassVar[str] = "estuary.streams"
    keyed_by: ClassVar[str] = "post_id"

    post_id: UUID
    stream_id: UUID


class PostPublished(PostEvent):
    """A post can be seen, by everyone or from `tier_level` upwards. Once per post, not again after an edit."""

    owned: ClassVar[Mapping[str, Owned]] = {"title": Owned(("owner_id",), "")}

    owner_id: UUID
    title: Annotated[str, Personal]
    post_type: str
    tier_level: int
    published_at: datetime


class PostAnnounced(PostEvent):
    """A batch of the stream's followers who may see the post at this moment, each of them in one batch only.

    `owner_id` gave both titles; null in events that are older than the field.
    """

    owned: ClassVar[Mapping[str, Owned]] = {name: Owned(("owner_id",), "") for name in ("title", "stream_title")}

    owner_id: UUID | None = None
    stream_title: Annotated[str, Personal]
    title: Annotated[str, Personal]
    recipient_ids: tuple[UUID, ...]


class PostDeleted(PostEvent):
    """A post that could be seen was deleted, by itself or with its whole stream."""


class CommentCreated(Event):
    """A comment on a post, or on the stream itself (`post_id` is null).

    `subject_title` is the title of what was commented. `recipient_ids`: the owner and the author of the comment that
    it answers, as far as they are other people and may see the post at this moment. `owner_id` gave the title; null in
    events that are older than the field.
    """

    topic: ClassVar[str] = "estuary.streams"
    owned: ClassVar[Mapping[str, Owned]] = {"subject_title": Owned(("owner_id",), "")}

    comment_id: UUID
    stream_id: UUID
    post_id: UUID | None
    parent_id: UUID | None
    author_id: UUID
    owner_id: UUID | None = None
    subject_title: Annotated[str, Personal]
    recipient_ids: tuple[UUID, ...]

    @property
    def key(self) -> UUID:
        """Comments of one post, or of one stream, keep their order."""
        return self.post_id or self.stream_id
