"""Projections of identity's users and of catalog's approvals."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.session import TIMESTAMPTZ


class User(Base):
    """The short name of a user who comments: null until an event or identity's answer has come."""

    __tablename__ = "users"
    __table_args__ = (Index("ix_users_unnamed", "user_id", postgresql_where=text("display_name IS NULL")),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str | None] = mapped_column(String(120))


class DeactivatedUser(Base):
    """A closed account. Never removed: an account is not opened again."""

    __tablename__ = "deactivated_users"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)


class Approval(Base):
    """Whether staff has approved a practitioner; a lower `version` never replaces a higher one."""

    __tablename__ = "approvals"
    __table_args__ = (Index("ix_approvals_lost", "practitioner_id", postgresql_where=text("NOT is_approved")),)

    practitioner_id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    is_approved: Mapped[bool]
