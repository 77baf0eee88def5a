"""Likes and saves."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.session import TIMESTAMPTZ


class StreamLike(Base):
    """A user likes a stream."""

    __tablename__ = "stream_likes"

    stream_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class StreamSave(Base):
    """A user saves a stream for later."""

    __tablename__ = "stream_saves"

    stream_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class PostLike(Base):
    """A user likes a post."""

    __tablename__ = "post_likes"

    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
