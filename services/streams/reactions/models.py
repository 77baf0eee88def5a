"""Likes and saves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.session import TIMESTAMPTZ


class _OnStream:
    stream_id: Mapped[UUID] = mapped_column(ForeignKey("streams.streams.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class StreamLike(_OnStream, Base):
    """A user likes a stream."""

    __tablename__ = "stream_likes"
    __table_args__ = (Index("ix_stream_likes_user_id", "user_id"),)


class StreamSave(_OnStream, Base):
    """A user saves a stream for later."""

    __tablename__ = "stream_saves"
    __table_args__ = (Index("ix_stream_saves_user_id", "user_id"),)


class PostLike(Base):
    """A user likes a post."""

    __tablename__ = "post_likes"
    __table_args__ = (Index("ix_post_likes_user_id", "user_id"),)

    post_id: Mapped[UUID] = mapped_column(ForeignKey("streams.posts.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
