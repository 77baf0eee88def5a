"""Working hours: a practitioner's, one row; named ones that services use; and those of a service that has its own."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from services.booking.schedules.domain import Zones, zones_of
from services.booking.sessions.domain import SessionLimits
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class HoursColumns:
    """Replaced as a whole. `weekly`, `overrides` and `zone_changes` hold the lists as sent.

    Their times are `HH:MM` in `timezone`, on the dates of a zone change in its zone.
    """

    timezone: Mapped[str] = mapped_column(String(64))
    weekly: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    overrides: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    zone_changes: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    updated_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)

    @property
    def zones(self) -> Zones:
        """The zones that its times are read in."""
        return zones_of(self.timezone, self.zone_changes)


class Schedule(HoursColumns, Base):
    """The hours of a practitioner, with limits and travel time over all services, or of one of their services."""

    __tablename__ = "schedules"
    __table_args__ = (UniqueConstraint("practitioner_id", "service_id", postgresql_nulls_not_distinct=True),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    service_id: Mapped[UUID | None]
    limits: Mapped[dict[str, int | None] | None] = mapped_column(JSONB(none_as_null=True))
    travel_minutes: Mapped[int] = mapped_column(
        CheckConstraint("travel_minutes between 0 and 480", "travel"), server_default=text("0")
    )
    schedule_id = None

    @property
    def travel(self) -> timedelta:
        """How far apart sessions at two locations are."""
        return timedelta(minutes=self.travel_minutes)

    @property
    def session_limits(self) -> SessionLimits | None:
        """The practitioner's, over all services."""
        return SessionLimits.of(self.limits, self.timezone)


class NamedSchedule(HoursColumns, Base):
    """Hours that several services of a practitioner may use."""

    __tablename__ = "named_schedules"
    __table_args__ = (Index("ix_named_schedules_practitioner_id", "practitioner_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    service_id = None

    @property
    def schedule_id(self) -> UUID:
        """As the view of a service's hours names it."""
        return self.id


class ScheduleUse(Base):
    """That a service uses a named schedule, in place of its practitioner's hours."""

    __tablename__ = "schedule_uses"
    __table_args__ = (Index("ix_schedule_uses_schedule_id", "schedule_id"),)

    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID]
    schedule_id: Mapped[UUID] = mapped_column(ForeignKey("booking.named_schedules.id", ondelete="CASCADE"))
