"""Projections of identity's users, catalog's practitioners and booking's bookings."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from services.messaging.models import Base
from shared.database.session import TIMESTAMPTZ


class User(Base):
    """A user's names. A deactivated user has none; the row stays, so that an event that comes late restores none.

    `display_name` is a practitioner's, from catalog.
    """

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint(
            "deactivated_at is null or (first_name is null and last_name is null and display_name is null)", "nameless"
        ),
    )

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    first_name: Mapped[str | None] = mapped_column(Text)
    last_name: Mapped[str | None] = mapped_column(Text)
    display_name: Mapped[str | None] = mapped_column(Text)
    deactivated_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class Practitioner(Base):
    """A practitioner, by user id; `version` is that of catalog's newest event."""

    __tablename__ = "practitioners"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    practitioner_id: Mapped[UUID]
    is_verified: Mapped[bool]
    version: Mapped[int]


class Booking(Base):
    """The two sides of a booking that was confirmed at some time."""

    __tablename__ = "bookings"
    __table_args__ = (Index("ix_bookings_sides", "practitioner_user_id", "client_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    client_id: Mapped[UUID]
    practitioner_user_id: Mapped[UUID]
    service_title: Mapped[str] = mapped_column(Text)
