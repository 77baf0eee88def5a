"""Participants, those who have left, and blocks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from services.messaging.models import Base
from shared.database.session import TIMESTAMPTZ


class Participant(Base):
    """A user in a conversation. `read_up_to` is the newest message read, `receipt_seq` the number of that receipt."""

    __tablename__ = "participants"
    __table_args__ = (
        CheckConstraint("(read_seq = 0) = (read_up_to is null)", "read"),
        Index("ix_participants_user_id", "user_id", "conversation_id"),
        Index("ix_participants_receipt_seq", "conversation_id", "receipt_seq"),
    )

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("messaging.conversations.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    has_written: Mapped[bool] = mapped_column(default=False)
    read_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    read_up_to: Mapped[UUID | None]
    read_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    receipt_seq: Mapped[int] = mapped_column(BigInteger, default=0)


class Departure(Base):
    """A user who has left a conversation. Their messages stay."""

    __tablename__ = "departures"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("messaging.conversations.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    left_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Block(Base):
    """Between the two there are no new messages and no notifications."""

    __tablename__ = "blocks"
    __table_args__ = (Index("ix_blocks_blocked_id", "blocked_id"),)

    blocker_id: Mapped[UUID] = mapped_column(primary_key=True)
    blocked_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
