"""The table of booking's bookings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.notifications.models import Base
from shared.database.session import TIMESTAMPTZ


class BookingCopy(Base):
    """A booking as its latest event says. Only booking's events change it.

    A parent has no seat; its children have. `terms` are the parameters of length, price and place; empty in rows that
    are older than the column.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        Index("ix_bookings_practitioner_user_id_start_time", "practitioner_user_id", "start_time"),
        Index("ix_bookings_client_id", "client_id"),
        Index("ix_bookings_parent_id", "parent_id", postgresql_where=text("parent_id is not null")),
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
    is_parent: Mapped[bool]
    parent_id: Mapped[UUID | None]
    reminders_minutes: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    terms: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)
