"""Practitioners' time that is taken, and the rules by which dates of theirs are announced."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from services.booking.models import Base
from shared.database.session import TIMESTAMPTZ
from shared.records.ids import new_id


class CalendarSession(Base):
    """One session in a practitioner's calendar, with `taken` of its `capacity` seats; one-to-one means one seat.

    Two exclusion constraints over the active rows of a practitioner keep sessions apart (rules 2 and 3): the ranges
    [start_time, blocked_until) exclude each other, and so do [blocked_from, end_time). Together they say that the gap
    between two sessions is at least the larger of the buffer after the first and the buffer before the second.
    A third one keeps sessions at two places apart by the travel time: `place_id` is the `location_id` unless that is
    virtual, and until `away_until` the practitioner is on the way from there.
    `room` is the name of its video room, given when the session is opened.
    An `announced` one is a date that its practitioner wrote, by itself or by a series: it takes the time until it is
    cancelled, whether or not it has bookings. Others take it while a seat is taken.
    """

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("taken between 0 and capacity", "seats"),
        CheckConstraint(
            "active = case when cancelled_at is not null then false when announced then true else taken > 0 end",
            "active",
        ),
        CheckConstraint("series_id is null or announced", "series"),
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
        ExcludeConstraint(
            ("practitioner_id", "="),
            ("place_id", "<>"),
            (text("tstzrange(start_time, away_until)"), "&&"),
            name="ex_sessions_travel",
            where=text("active and place_id is not null"),
        ),
        CheckConstraint("place_id is null or (away_until is not null and away_until >= end_time)", "away"),
        Index("ix_sessions_dates", "service_id", "start_time", postgresql_where=text("announced")),
        Index("ix_sessions_series_id", "series_id", postgresql_where=text("series_id is not null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    service_id: Mapped[UUID]
    start_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    end_time: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    blocked_from: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    blocked_until: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    location_id: Mapped[UUID | None]
    place_id: Mapped[UUID | None]
    away_until: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    capacity: Mapped[int]
    taken: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    room: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
    announced: Mapped[bool] = mapped_column(server_default=text("false"))
    series_id: Mapped[UUID | None] = mapped_column(ForeignKey("booking.series.id", ondelete="SET NULL"))
    cancelled_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)


class Series(Base):
    """Dates by a rule of RFC 5545, read as wall-clock time in `timezone`; not on the dates `left_out`.

    A rule without end is written on by a job until `ended_at`: `written_until` is the first day not written yet, due
    from `write_at` on.
    """

    __tablename__ = "series"
    __table_args__ = (
        CheckConstraint("(written_until is null) = (write_at is null)", "written"),
        Index("ix_series_write_at", "write_at", postgresql_where=text("ended_at is null")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    practitioner_id: Mapped[UUID]
    service_id: Mapped[UUID]
    rrule: Mapped[str]
    start_date: Mapped[date]
    start_time: Mapped[str] = mapped_column(String(5))
    timezone: Mapped[str] = mapped_column(String(64))
    left_out: Mapped[list[date]] = mapped_column(ARRAY(Date))
    location_id: Mapped[UUID | None]
    written_until: Mapped[date | None]
    write_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    ended_at: Mapped[datetime | None] = mapped_column(TIMESTAMPTZ)
    created_at: Mapped[datetime] = mapped_column(TIMESTAMPTZ)
