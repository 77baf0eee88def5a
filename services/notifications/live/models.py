"""The tables of frames."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class Feed(Base):
    """The counter of one person's channel. Its lock makes the order of commits the order of `seq`."""

    __tablename__ = "feeds"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(Text, primary_key=True)
    last_seq: Mapped[int] = mapped_column(BigInteger)


class StoredFrame(Base):
    """A message for the sockets of one person's channel, kept for 30 days so that a socket can resume."""

    __tablename__ = "frames"
    __table_args__ = (
        UniqueConstraint("user_id", "channel", "seq"),
        UniqueConstraint("user_id", "channel", "cause"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    channel: Mapped[str] = mapped_column(Text)
    seq: Mapped[int] = mapped_column(BigInteger)
    cause: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
