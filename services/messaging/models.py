"""The tables of messaging: conversations and what was said in them, moderation, and copies of what others own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.messaging.domain import ConversationStatus, ReportStatus
from shared.database.session import TIMESTAMPTZ, enum_column, schema_metadata
from shared.records.ids import new_id


class Base(DeclarativeBase):
    metadata = schema_metadata("messaging")


class Person(Base):
    """The copy of identity's users. A deactivated person has no name; the row stays, so that none comes back.

    `display_name` is a practitioner's, from catalog.
    """

    __tablename__ = "people"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_name: Mapped[str | None] = mapped_column(Text)
    last_name: Mapped[str | None] = mapped_column(Text)
    display_name: Mapped[str | None] = mapped_column(Text)
    deactivated_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class Practitioner(Base):
    """The copy of catalog's practitioners, by user."""

    __tablename__ = "practitioners"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID]
    is_verified: Mapped[bool]
    version: Mapped[int]


class Booking(Base):
    """The copy of bookings that were confirmed at some time: who has booked with whom."""

    __tablename__ = "bookings"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    practitioner_user_id: Mapped[UUID]
    service_title: Mapped[str] = mapped_column(Text)


class Conversation(Base):
    """Some people, or a booking's two sides. Its lock makes the order of commits the order of `seq`.

    `last_seq` counts messages and receipts; `active_at` (business time) is that of the newest message. `opened_by` is
    null for those that a booking opened, and for old ones.
    """

    __tablename__ = "conversations"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID | None]
    participants_key: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str | None] = mapped_column(Text)
    opened_by: Mapped[UUID | None]
    status: Mapped[ConversationStatus] = mapped_column(enum_column(ConversationStatus), default=ConversationStatus.OPEN)
    last_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    last_message_id: Mapped[UUID | None]
    active_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Member(Base):
    """Somebody in a conversation, and how far they have read. `receipt_seq` numbers their latest receipt's frame."""

    __tablename__ = "members"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("messaging.conversations.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    has_written: Mapped[bool] = mapped_column(default=False)
    read_seq: Mapped[int] = mapped_column(BigInteger, default=0)
    read_up_to: Mapped[UUID | None]
    read_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    receipt_seq: Mapped[int] = mapped_column(BigInteger, default=0)


class Departure(Base):
    """Somebody who left a conversation. What they had written there stays."""

    __tablename__ = "departures"

    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("messaging.conversations.id"), primary_key=True)
    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    left_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Message(Base):
    """What somebody wrote; its id is also that of its frame. `client_id` makes a resend the same message."""

    __tablename__ = "messages"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("messaging.conversations.id"))
    seq: Mapped[int] = mapped_column(BigInteger)
    sender_id: Mapped[UUID]
    body: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str | None] = mapped_column(String(100))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Block(Base):
    """Somebody who wants to hear nothing of somebody."""

    __tablename__ = "blocks"

    blocker_id: Mapped[UUID] = mapped_column(primary_key=True)
    blocked_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Report(Base):
    """A member's complaint; while it is open staff may read the conversation."""

    __tablename__ = "reports"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("messaging.conversations.id"))
    reporter_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(Text)
    status: Mapped[ReportStatus] = mapped_column(enum_column(ReportStatus), default=ReportStatus.OPEN)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    resolved_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class AuditEntry(Base):
    """What staff read or decided. Never changed."""

    __tablename__ = "audit_log"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    actor_id: Mapped[UUID]
    action: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[UUID]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
