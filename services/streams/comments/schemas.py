"""Bodies of comments."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints

from services.streams.comments.domain import LONGEST_BODY
from services.streams.comments.models import Comment
from shared.web.http import Body, LongText, UtcTime, View


class NewComment(Body):
    """The text, and which comment it replies to; a reply cannot be replied to."""

    body: Annotated[LongText, StringConstraints(min_length=1, max_length=LONGEST_BODY)]
    parent_id: UUID | None = None


class CommentView(View):
    """A comment. `author_name` is a first name with an initial, null while it is not known here."""

    id: UUID
    stream_id: UUID
    post_id: UUID | None
    parent_id: UUID | None
    author_id: UUID
    author_name: str | None
    body: str
    created_at: UtcTime

    @classmethod
    def of(cls, comment: Comment, author_name: str | None) -> Self:
        """The comment with its author's name."""
        return cls.showing(comment, author_name=author_name or None)
