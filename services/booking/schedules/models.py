"""Working hours, one row per practitioner and one more per service that has its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class Schedule(Base):
    """Replaced as a whole. `weekly` and `overrides` hold the lists as sent, `HH:MM` in `timezone`."""

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("practitioner_id", "service_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    service_id: Mapped[UUID | None]
    timezone: Mapped[str] = mapped_column(String(64))
    weekly: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    overrides: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
