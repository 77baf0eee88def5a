"""Time off, as practitioners write and read it."""

from datetime import UTC, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from services.booking.time_off.models import TimeOff
from shared.web.http import Body, LongText, UtcTime, View

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
Note = Annotated[LongText, Field(max_length=2000)]


class TimeOffBody(Body):
    """From `start_time` until `end_time` (exclusive) nothing can be booked."""

    start_time: UtcTime
    end_time: UtcTime
    note: Note | None = None

    @field_validator("start_time")
    @classmethod
    def _after_1970(cls, start: datetime) -> datetime:
        if start < EARLIEST:
            raise PydanticCustomError("invalid_time", "Choose a time after the year 1970")
        return start

    @field_validator("end_time")
    @classmethod
    def _in_order(cls, end: datetime, info: ValidationInfo) -> datetime:
        if "start_time" in info.data and end <= info.data["start_time"]:
            raise PydanticCustomError("ends_before_start", "Choose an end_time after the start_time")
        return end


class TimeOffView(View):
    """Time off; `conflicts` are the bookings in it, which stay."""

    id: UUID
    start_time: UtcTime
    end_time: UtcTime
    note: str | None
    conflicts: list[UUID]
    created_at: UtcTime

    @classmethod
    def of(cls, off: TimeOff, conflicts: list[UUID]) -> Self:
        """With the bookings in that time."""
        return cls(
            id=off.id,
            start_time=off.start_time,
            end_time=off.end_time,
            note=off.note,
            conflicts=conflicts,
            created_at=off.created_at,
        )
