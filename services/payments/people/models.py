"""Who is gone, and which practitioners have lost their approval."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from services.payments.base import Base
from shared.database.session import TIMESTAMPTZ


class Departure(Base):
    """A deactivated account. Never removed: an account does not come back."""

    __tablename__ = "departures"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Approval(Base):
    """Whether staff lets a practitioner sell; a lower `version` never replaces a higher one."""

    __tablename__ = "approvals"
    __table_args__ = (Index("ix_approvals_lost", "practitioner_id", postgresql_where=text("not is_approved")),)

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_approved: Mapped[bool]
