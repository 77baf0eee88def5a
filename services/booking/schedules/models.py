"""Working hours, one row per practitioner and one more per service that has its own."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from services.booking.schedules.domain import Zones, zones_of
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class Schedule(Base):
    """Replaced as a whole. `weekly`, `overrides` and `zone_changes` hold the lists as sent.

    Their times are `HH:MM` in `timezone`, on the dates of a zone change in its zone.
    """

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("practitioner_id", "service_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    service_id: Mapped[UUID | None]
    timezone: Mapped[str] = mapped_column(String(64))
    weekly: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    overrides: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    zone_changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @property
    def zones(self) -> Zones:
        """The zones that its times are read in."""
        return zones_of(self.timezone, self.zone_changes)
