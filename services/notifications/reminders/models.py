"""The table of reminders."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base
from services.notifications.reminders.domain import ReminderStatus
from shared.database.session import TIMESTAMPTZ, enum_column
from shared.records.ids import new_id


class Reminder(Base):
    """One reminder of one start of a booking to one side; `due_at` only says when to look, the start decides."""

    __tablename__ = "reminders"
    __table_args__ = (
        CheckConstraint("(status = 'scheduled') = (settled_at is null)", "settled_at"),
        UniqueConstraint("booking_id", "recipient_id", "kind", "start_version"),
        Index("ix_reminders_due", "due_at", postgresql_where=text("status = 'scheduled'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("notifications.bookings.id"))
    recipient_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(32))
    start_version: Mapped[int]
    due_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    status: Mapped[ReminderStatus] = mapped_column(enum_column(ReminderStatus))
    settled_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
