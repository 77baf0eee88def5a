"""The followers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.session import TIMESTAMPTZ

FREE = 0


class Follow(Base):
    """A user follows a stream. `tier_level` is always the free one: a paid one is a subscription's."""

    __tablename__ = "follows"
    __table_args__ = (
        ForeignKeyConstraint(["stream_id", "tier_level"], ["streams.tiers.stream_id", "streams.tiers.level"]),
        Index("ix_follows_user_id", "user_id", "created_at"),
        Index("ix_follows_tier", "stream_id", "tier_level"),
    )

    stream_id: Mapped[UUID] = mapped_column(ForeignKey("streams.streams.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    tier_level: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
