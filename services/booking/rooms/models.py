"""What is to be closed at the video provider."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class RoomClosure(Base):
    """A room to end, or with `participant` one person to remove from it. Without a video provider it stays a record.

    From `attempt_at` (machine time) on a job may call it; `closed_at` is set when that is done.
    """

    __tablename__ = "room_closures"
    __table_args__ = (Index("ix_room_closures_open", "attempt_at", postgresql_where=text("closed_at is null")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"))
    room: Mapped[str]
    participant: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    closed_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    attempts: Mapped[int] = mapped_column(default=0)
    attempt_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
