"""The table of time off."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class TimeOff(Base):
    """In the range [start_time, end_time) nothing can be booked; what is booked stays. Such times may overlap."""

    __tablename__ = "time_off"
    __table_args__ = (
        CheckConstraint("start_time < end_time", "times"),
        Index("ix_time_off_practitioner_id", "practitioner_id", "end_time"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    start_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    end_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    note: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
