"""The conversations."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.messaging.conversations.domain import ConversationStatus
from services.messaging.models import Base
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class Conversation(Base):
    """Several users, or the two sides of a booking. Its lock makes the order of commits the order of `seq`.

    `last_seq` counts messages and receipts; `active_at` (business time) is that of the newest message. `opened_by` is
    null for those that a booking opened, and for those from before the column.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        Index(
            "uq_conversations_booking_id", "booking_id", unique=True, postgresql_where=text("booking_id IS NOT NULL")
        ),
        Index(
            "uq_conversations_participants_key",
            "participants_key",
            unique=True,
            postgresql_where=text("booking_id IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID | None]
    participants_key: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str | None] = mapped_column(Text)
    opened_by: Mapped[UUID | None]
    status: Mapped[ConversationStatus] = mapped_column(enum_column(ConversationStatus), default=ConversationStatus.OPEN)
    last_seq: Mapped[int] = mapped_column(BigInteger, CheckConstraint("last_seq >= 0", "last_seq"), default=0)
    last_message_id: Mapped[UUID | None]
    active_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
