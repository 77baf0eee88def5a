"""Closed accounts, approvals of practitioners, and names of people."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ


class Departure(Base):
    """A deactivated account, client or practitioner. Never removed: an account does not come back."""

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


class Name(Base):
    """What a person is called; null until identity was asked."""

    __tablename__ = "names"
    __table_args__ = (
        CheckConstraint("(first_name is null) = (last_name is null)", "whole"),
        Index("ix_names_missing", "user_id", postgresql_where=text("first_name is null")),
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_name: Mapped[str | None] = mapped_column(Text)
    last_name: Mapped[str | None] = mapped_column(Text)
