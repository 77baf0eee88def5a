"""Hours, as clients write and read them."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from services.booking.schedules.domain import clock_time
from shared.records.times import ZoneName, iso_date
from shared.web.http import Body, View

OpeningTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:00)?$"), AfterValidator(lambda text: text[:5])]
ClosingTime = Annotated[
    str,
    Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)(:00)?$"),
    AfterValidator(lambda text: "24:00" if text[:5] == "00:00" else text[:5]),
]
IsoDate = Annotated[date, BeforeValidator(iso_date)]


class WindowBody(Body):
    """Open from `start_time` to `end_time` on the wall clock; `24:00` (or `00:00`) closes at midnight."""

    start_time: OpeningTime
    end_time: ClosingTime

    @model_validator(mode="after")
    def _in_order(self) -> "WindowBody":
        if clock_time(self.start_time) >= clock_time(self.end_time):
            raise PydanticCustomError("ends_before_start", "Choose an end_time after the start_time")
        return self


def _or_null(kind: Any) -> BeforeValidator:
    """Null sets an optional list of that kind back to its default, an empty one."""
    return BeforeValidator(lambda given: [] if given is None else given, json_schema_input_type=kind | None)


Windows = Annotated[list[WindowBody], Field(max_length=24)]


class WeeklyWindow(WindowBody):
    """A window of every week; Monday is 0."""

    day_of_week: int = Field(strict=True, ge=0, le=6)


class Override(Body):
    """A date that differs from the weekly pattern; without windows it is closed."""

    date: IsoDate
    windows: Annotated[Windows, _or_null(Windows)] = Field([])

    @field_validator("windows")
    @classmethod
    def _apart(cls, windows: list[WindowBody]) -> list[WindowBody]:
        _refuse_overlaps(windows)
        return windows


Overrides = Annotated[list[Override], Field(max_length=1000)]


class ScheduleBody(Body):
    """A whole schedule; it replaces the one before."""

    timezone: ZoneName
    weekly: list[WeeklyWindow] = Field(max_length=7 * 24)
    overrides: Annotated[Overrides, _or_null(Overrides)] = Field([])

    @field_validator("weekly")
    @classmethod
    def _apart(cls, weekly: list[WeeklyWindow]) -> list[WeeklyWindow]:
        for day in range(7):
            _refuse_overlaps([window for window in weekly if window.day_of_week == day])
        return weekly

    @field_validator("overrides")
    @classmethod
    def _once(cls, overrides: list[Override]) -> list[Override]:
        if len({entry.date for entry in overrides}) < len(overrides):
            raise PydanticCustomError("duplicate_date", "Send one override for each date")
        return overrides


def _refuse_overlaps(windows: Sequence[WindowBody]) -> None:
    ordered = sorted((clock_time(window.start_time), clock_time(window.end_time)) for window in windows)
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise PydanticCustomError("overlapping_windows", "Choose windows of one day that do not overlap")


class ScheduleView(View):
    """The hours in force."""

    practitioner_id: UUID
    service_id: UUID | None
    timezone: str
    weekly: list[dict[str, Any]]
    overrides: list[dict[str, Any]]
