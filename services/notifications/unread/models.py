"""The table of conversations with unread messages."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base
from shared.database.session import TIMESTAMPTZ


class UnreadConversation(Base):
    """A conversation of which a person has not read everything, from the first such message until all is read.

    `notified_message_id` is the message with which its one notification began; `mail_due_at` (business time) is when a
    mail follows, null once it did.
    """

    __tablename__ = "unread_conversations"
    __table_args__ = (
        Index("ix_unread_conversations_mail_due_at", "mail_due_at", postgresql_where=text("mail_due_at IS NOT NULL")),
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_message_id: Mapped[UUID]
    subject: Mapped[str | None] = mapped_column(Text)
    notified_message_id: Mapped[UUID | None]
    mail_due_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
