"""Projections of identity's users and of catalog's approvals."""

from uuid import UUID

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from services.streams.models import Base
from shared.database.people import ApprovalCopy, ClosedAccount, SuspendedAccount


class User(Base):
    """The short name of a user who comments: null until an event or identity's answer has come."""

    __tablename__ = "users"
    __table_args__ = (Index("ix_users_unnamed", "user_id", postgresql_where=text("display_name IS NULL")),)

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    display_name: Mapped[str | None] = mapped_column(String(120))


class DeactivatedUser(ClosedAccount, Base):
    """A closed account."""

    __tablename__ = "deactivated_users"


class Suspension(SuspendedAccount, Base):
    """A suspended account."""

    __tablename__ = "suspensions"


class Approval(ApprovalCopy, Base):
    """Whether staff has approved a practitioner."""

    __tablename__ = "approvals"
