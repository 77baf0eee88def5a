"""The table of dates."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.base import Base
from shared.database.session import TIMESTAMPTZ


class ServiceDate(Base):
    """A session that was announced and not cancelled, over or not; `session_id` is booking's."""

    __tablename__ = "service_dates"
    __table_args__ = (Index("ix_service_dates_service_id", "service_id", "start_time"),)

    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    service_id: Mapped[UUID]
    start_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
