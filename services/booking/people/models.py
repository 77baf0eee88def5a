"""Closed accounts, approvals of practitioners, and names of people."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.people import ApprovalCopy, ClosedAccount


class Departure(ClosedAccount, Base):
    """A closed account, of a client or a practitioner."""

    __tablename__ = "departures"


class Approval(ApprovalCopy, Base):
    """Whether a practitioner may sell."""

    __tablename__ = "approvals"


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
