"""The tables of openings, and of marks that ask for new ones."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ


class OpeningMark(Base):
    """A practitioner whose openings may have changed. Triggers add it, and who computes them anew deletes it."""

    __tablename__ = "opening_marks"

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    marked_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ, server_default=text("now()"))


class ServiceOpenings(Base):
    """The openings of a service, as published: starts at equal distance, `step_minutes`, are one range with both ends.

    At `rolls_at` time alone has changed them. `changed_at`: when the row was last written, in machine time.
    """

    __tablename__ = "openings"
    __table_args__ = (
        CheckConstraint("step_minutes > 0", "step"),
        Index("ix_openings_practitioner_id", "practitioner_id"),
        Index("ix_openings_rolls_at", "rolls_at"),
    )

    service_id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID]
    step_minutes: Mapped[int]
    starts: Mapped[Any] = mapped_column(TSTZMULTIRANGE)
    rolls_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    changed_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
