"""The messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.messaging.models import Base
from shared.database.session import LEAVE_GENERATED, TIMESTAMPTZ, generated
from shared.records.ids import new_id


class Message(Base):
    """A message; its id is also that of its frame. `client_id` is the sender's own name for it, unique per sender."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq", postgresql_include=["sender_id"]),
        Index("ix_messages_sender_id", "sender_id"),
        Index(
            "uq_messages_client_id",
            "conversation_id",
            "sender_id",
            "client_id",
            unique=True,
            postgresql_where=text("client_id IS NOT NULL"),
        ),
        Index(
            "ix_messages_short",
            "conversation_id",
            postgresql_include=["created_at", "seq", "id", "folded"],
            postgresql_where=text("octet_length(folded) <= 2000"),
        ),
        Index("ix_messages_long", "conversation_id", postgresql_where=text("octet_length(folded) > 2000")),
    )
    __mapper_args__ = LEAVE_GENERATED

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("messaging.conversations.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    sender_id: Mapped[UUID]
    body: Mapped[str] = mapped_column(Text, CheckConstraint("char_length(body) <= 10000", "body"))
    client_id: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    folded: Mapped[str] = generated(Text(), "messaging.fold(body)")
