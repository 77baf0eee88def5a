"""The comments."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class Comment(Base):
    """On a post, or on the stream itself (no `post_id`). A comment with a parent is a reply and has none itself."""

    __tablename__ = "comments"
    __table_args__ = (
        Index("ix_comments_post_id", "post_id", "created_at", "id", postgresql_where=text("post_id IS NOT NULL")),
        Index("ix_comments_stream_id", "stream_id", "created_at", "id", postgresql_where=text("post_id IS NULL")),
        Index("ix_comments_of_stream", "stream_id"),
        Index("ix_comments_parent_id", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
        Index("ix_comments_author_id", "author_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    stream_id: Mapped[UUID] = mapped_column(ForeignKey("streams.streams.id", ondelete="CASCADE"))
    post_id: Mapped[UUID | None] = mapped_column(ForeignKey("streams.posts.id", ondelete="CASCADE"))
    parent_id: Mapped[UUID | None] = mapped_column(ForeignKey("streams.comments.id", ondelete="CASCADE"))
    author_id: Mapped[UUID]
    body: Mapped[str] = mapped_column(Text, CheckConstraint("length(body) between 1 and 10000", "body"))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
