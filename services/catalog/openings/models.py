"""The table of openings."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE
from sqlalchemy.orm import Mapped, mapped_column

from services.catalog.base import Base


class ServiceOpenings(Base):
    """The openings of a service: starts at equal distance, of `step_minutes`, are one range with both ends.

    `notice_minutes` are those of the service (`notices.sql`).
    `grid_seconds`: what the seconds since 1970 of every start leave, divided by the step; null where that differs.
    """

    __tablename__ = "openings"
    __table_args__ = (CheckConstraint("step_minutes > 0", "step"),)

    service_id: Mapped[UUID] = mapped_column(ForeignKey("catalog.services.id"), primary_key=True)
    step_minutes: Mapped[int]
    notice_minutes: Mapped[int]
    starts: Mapped[Any] = mapped_column(TSTZMULTIRANGE)
    grid_seconds: Mapped[int | None]
