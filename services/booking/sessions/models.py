"""Practitioners' time that is taken."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class CalendarSession(Base):
    """One session in a practitioner's calendar, with `taken` of its `capacity` seats; one-to-one means one seat.

    Two exclusion constraints over the active rows of a practitioner keep sessions apart (rules 2 and 3): the ranges
    [start_time, blocked_until) exclude each other, and so do [blocked_from, end_time). Together they say that the gap
    between two sessions is at least the larger of the buffer after the first and the buffer before the second.
    `room` is the name of its video room, given when the session is opened.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("(taken between 0 and capacity) and (active = (taken > 0))", "seats"),
        CheckConstraint("blocked_from <= start_time and start_time < end_time and end_time <= blocked_until", "times"),
        Index(
            "uq_sessions_service_id_start_time",
            "service_id",
            "start_time",
            unique=True,
            postgresql_where=text("active"),
        ),
        ExcludeConstraint(
            ("practitioner_id", "="),
            (text("tstzrange(start_time, blocked_until)"), "&&"),
            name="ex_sessions_after",
            where=text("active"),
        ),
        ExcludeConstraint(
            ("practitioner_id", "="),
            (text("tstzrange(blocked_from, end_time)"), "&&"),
            name="ex_sessions_before",
            where=text("active"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    service_id: Mapped[UUID]
    start_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    end_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    blocked_from: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    blocked_until: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    capacity: Mapped[int]
    taken: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    room: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
