"""Options and votes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class PollOption(Base):
    """One option of a post's poll."""

    __tablename__ = "poll_options"
    __table_args__ = (
        UniqueConstraint("post_id", "position"),
        UniqueConstraint("post_id", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    post_id: Mapped[UUID] = mapped_column(ForeignKey("streams.posts.id", ondelete="CASCADE"))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))


class Vote(Base):
    """A user's one vote in a post's poll."""

    __tablename__ = "votes"
    __table_args__ = (
        ForeignKeyConstraint(
            ["post_id", "option_id"], ["streams.poll_options.post_id", "streams.poll_options.id"], ondelete="CASCADE"
        ),
        Index("ix_votes_user_id", "user_id"),
        Index("ix_votes_option_id", "post_id", "option_id"),
    )

    post_id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    option_id: Mapped[UUID]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
