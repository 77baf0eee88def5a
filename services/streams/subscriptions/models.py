"""The projection of payments' subscriptions to tiers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.session import TIMESTAMPTZ

INCOMPLETE = "incomplete"


class FanSubscription(Base):
    """What one subscription gives: its level in the stream until `access_until` (None: nothing)."""

    __tablename__ = "fan_subscriptions"
    __table_args__ = (
        Index("ix_fan_subscriptions_user_id", "user_id", "stream_id"),
        Index("ix_fan_subscriptions_stream_id", "stream_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    stream_id: Mapped[UUID]
    user_id: Mapped[UUID]
    level: Mapped[int]
    status: Mapped[str] = mapped_column(String(32))
    access_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    version: Mapped[int]

    @property
    def is_unpaid(self) -> bool:
        """Whether its first bill was open when it was last heard of."""
        return self.status == INCOMPLETE
