"""What is to be closed at the video provider."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id
from shared.work.attempts import Retried


class RoomClosure(Retried, Base):
    """A room to end, or with `participant` one person to remove from it. Without a video provider it stays a record.

    A job calls the provider; `closed_at` is set when that is done.
    """

    __tablename__ = "room_closures"
    __table_args__ = (Index("ix_room_closures_open", "next_try_at", postgresql_where=text("closed_at is null")),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    booking_id: Mapped[UUID] = mapped_column(ForeignKey("booking.bookings.id"))
    room: Mapped[str]
    participant: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    closed_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)

    @classmethod
    def waiting(cls) -> ColumnElement[bool]:
        """Those that are not closed yet."""
        return cls.closed_at.is_(None)
