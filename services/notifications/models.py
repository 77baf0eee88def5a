"""The tables of notifications: what was told to whom, what is still to be told, and copies of what others own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from services.notifications.domain import Lane, MailStatus, ReminderKind, ReminderStatus, Topic
from shared.database.session import TIMESTAMPTZ, enum_column, schema_metadata
from shared.records.ids import new_id


class Base(DeclarativeBase):
    metadata = schema_metadata("notifications")


class Person(Base):
    """The address book: identity's users, as far as mail needs them."""

    __tablename__ = "people"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(Text)
    first_name: Mapped[str] = mapped_column(Text)
    last_name: Mapped[str] = mapped_column(Text)
    timezone: Mapped[str | None] = mapped_column(Text)


class Practitioner(Base):
    """The name of a practitioner's profile, from catalog; a lower `version` never replaces a higher one."""

    __tablename__ = "practitioners"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str] = mapped_column(Text)
    version: Mapped[int]


class Departure(Base):
    """An account that is no more: no name of it is kept again."""

    __tablename__ = "departures"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Preference(Base):
    """A person's choice for one topic; no row means that both ways are on."""

    __tablename__ = "preferences"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    topic: Mapped[Topic] = mapped_column(enum_column(Topic), primary_key=True)
    email: Mapped[bool]
    in_app: Mapped[bool]


class Notice(Base):
    """An entry of the in-app list. `cause` names what it tells, so that a person is told once.

    The words of `template` with `facts` name the person `about`: when that person is gone they are written anew.
    `template` is null in notices that are older than these columns, and name nobody.
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("user_id", "cause"),
        Index("ix_notices_user_id_created_at", "user_id", "created_at", "id"),
        Index("ix_notices_unread", "user_id", postgresql_where=text("read_at IS NULL")),
        Index("ix_notices_about", "about", postgresql_where=text("about IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    cause: Mapped[str] = mapped_column(Text)
    type: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    body: Mapped[str] = mapped_column(Text)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    template: Mapped[str | None] = mapped_column(Text)
    facts: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
    about: Mapped[UUID | None]
    read_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Mail(Base):
    """A mail to be sent. It is rendered when it is sent, in the recipient's zone of that moment.

    It names the person `about` as that person is called then: `facts` hold no names.
    `useful_until` is business time, after which it is dropped; `next_try_at` and `sent_at` are machine time.
    """

    __tablename__ = "mails"
    __table_args__ = (
        UniqueConstraint("user_id", "cause"),
        Index("ix_mails_due", "lane", "next_try_at", postgresql_where=text("status = 'pending'")),
        Index("ix_mails_booking_id", "booking_id", postgresql_where=text("status = 'pending'")),
        Index("ix_mails_about", "about", postgresql_where=text("about IS NOT NULL")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    user_id: Mapped[UUID]
    cause: Mapped[str] = mapped_column(Text)
    template: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    about: Mapped[UUID | None]
    lane: Mapped[Lane] = mapped_column(enum_column(Lane))
    booking_id: Mapped[UUID | None]
    status: Mapped[MailStatus] = mapped_column(enum_column(MailStatus), default=MailStatus.PENDING)
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    useful_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    last_error: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    sent_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class Booking(Base):
    """The copy of booking's bookings that reminders are decided from. Only booking's events change it.

    `terms` are the facts of length, price and place; empty in copies that are older than the column.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        Index("ix_bookings_practitioner_user_id_start_time", "practitioner_user_id", "start_time"),
        Index("ix_bookings_client_id", "client_id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    status: Mapped[str] = mapped_column(Text)
    service_title: Mapped[str] = mapped_column(Text)
    client_id: Mapped[UUID]
    practitioner_user_id: Mapped[UUID]
    timezone: Mapped[str] = mapped_column(Text)
    start_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    end_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    start_version: Mapped[int]
    terms: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)


class Reminder(Base):
    """One reminder of one start of a booking to one side; `due_at` only says when to look, the start decides."""

    __tablename__ = "reminders"
    __table_args__ = (
        UniqueConstraint("booking_id", "recipient_id", "kind", "start_version"),
        Index("ix_reminders_due", "due_at", postgresql_where=text("status = 'scheduled'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID]
    recipient_id: Mapped[UUID]
    kind: Mapped[ReminderKind] = mapped_column(enum_column(ReminderKind))
    start_version: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    status: Mapped[ReminderStatus] = mapped_column(enum_column(ReminderStatus))
    settled_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class Unread(Base):
    """A conversation in which somebody has not read everything, from the first such message until all is read.

    `told_of` is the message with which the one notice of it began; `mail_due_at` (business time) is when a mail
    follows, null once it did.
    """

    __tablename__ = "unread"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_message_id: Mapped[UUID]
    subject: Mapped[str | None] = mapped_column(Text)
    told_of: Mapped[UUID | None]
    mail_due_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class StaffNews(Base):
    """What all staff are to be told; removed in the transaction that tells them."""

    __tablename__ = "staff_news"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    cause: Mapped[str] = mapped_column(Text, unique=True)
    template: Mapped[str] = mapped_column(Text)
    facts: Mapped[dict[str, str]] = mapped_column(JSONB)
    data: Mapped[dict[str, str]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


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
