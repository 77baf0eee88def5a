"""Hours, as clients write and read them."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SerializerFunctionWrapHandler,
    Strict,
    ValidationInfo,
    field_validator,
    model_serializer,
)
from pydantic_core import PydanticCustomError

from services.booking.schedules.domain import DAY, Window, window_of
from shared.records.times import ZoneName, iso_date
from shared.web.http import Body, View

OpeningTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:00)?$"), AfterValidator(lambda text: text[:5])]
ClosingTime = Annotated[
    str,
    Field(pattern=r"^(([01]\d|2[0-3]):[0-5]\d|24:00)(:00)?$"),
    AfterValidator(lambda text: "24:00" if text[:5] == "00:00" else text[:5]),
]
WEEK = 7 * DAY
IsoDate = Annotated[date, BeforeValidator(iso_date)]


class WindowBody(Body):
    """Open from `start_time` to `end_time` on the wall clock; an end at or before the start is on the next day.

    `24:00` (or `00:00`) is midnight at the end of the day, from where a slot may run into a window that begins there.
    With `location_id`, one of the practitioner's locations, what begins in it takes place there.
    """

    start_time: OpeningTime
    end_time: ClosingTime
    location_id: UUID | None = None

    @model_serializer(mode="wrap")
    def _stored(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without the location that is not there."""
        return {name: value for name, value in handler(self).items() if (name, value) != ("location_id", None)}

    @property
    def window(self) -> Window:
        """As hours have it."""
        return window_of({"start_time": self.start_time, "end_time": self.end_time})


def or_null(kind: Any) -> BeforeValidator:
    """Null sets an optional list of that kind back to its default, an empty one."""
    return BeforeValidator(lambda given: [] if given is None else given, json_schema_input_type=kind | None)


Windows = Annotated[list[WindowBody], Field(max_length=24)]


class WeeklyWindow(WindowBody):
    """A window of every week; Monday is 0."""

    day_of_week: int = Field(strict=True, ge=0, le=6)


class Override(Body):
    """A date that differs from the weekly pattern; without windows it is closed."""

    date: IsoDate
    windows: Annotated[Windows, or_null(Windows)] = Field([])

    @field_validator("windows")
    @classmethod
    def _apart(cls, windows: list[WindowBody]) -> list[WindowBody]:
        _refuse_overlaps(sorted((each.window.opens, each.window.closes) for each in windows))
        return windows


Overrides = Annotated[list[Override], Field(max_length=1000)]


class ZoneChangeBody(Body):
    """On the dates from `from` to `to` (exclusive) the hours are read in that zone."""

    first: IsoDate = Field(alias="from")
    until: IsoDate = Field(alias="to")
    timezone: ZoneName

    @field_validator("until")
    @classmethod
    def _in_order(cls, until: date, info: ValidationInfo) -> date:
        if "first" in info.data and until <= info.data["first"]:
            raise PydanticCustomError("ends_before_start", "Choose a date after from")
        return until


ZoneChanges = Annotated[list[ZoneChangeBody], Field(max_length=200)]


class ScheduleBody(Body):
    """A whole schedule; it replaces the one before."""

    timezone: ZoneName
    weekly: list[WeeklyWindow] = Field(max_length=7 * 24)
    overrides: Annotated[Overrides, or_null(Overrides)] = Field([])
    zone_changes: Annotated[ZoneChanges, or_null(ZoneChanges)] = Field([])

    def locations(self) -> list[tuple[str, UUID]]:
        """Those that windows name, each with its field."""
        windows: list[tuple[str, WindowBody]] = [(f"weekly.{n}", window) for n, window in enumerate(self.weekly)]
        for number, override in enumerate(self.overrides):
            windows += [(f"overrides.{number}.windows.{n}", each) for n, each in enumerate(override.windows)]
        return [(f"{field}.location_id", each.location_id) for field, each in windows if each.location_id]

    @field_validator("weekly")
    @classmethod
    def _apart(cls, weekly: list[WeeklyWindow]) -> list[WeeklyWindow]:
        windows = [(each.day_of_week * DAY, each.window) for each in weekly]
        ordered = sorted((day + window.opens, day + window.closes) for day, window in windows)
        _refuse_overlaps([*ordered, *((opens + WEEK, closes + WEEK) for opens, closes in ordered[:1])])
        return weekly

    @field_validator("overrides")
    @classmethod
    def _once(cls, overrides: list[Override]) -> list[Override]:
        if len({entry.date for entry in overrides}) < len(overrides):
            raise PydanticCustomError("duplicate_date", "Send one override for each date")
        return overrides

    @field_validator("zone_changes")
    @classmethod
    def _one_zone_a_date(cls, changes: list[ZoneChangeBody]) -> list[ZoneChangeBody]:
        ordered = sorted((change.first, change.until) for change in changes)
        if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
            raise PydanticCustomError("overlapping_dates", "Name one zone for each date")
        return changes


class ScheduleChoice(Body):
    """A named schedule of one's own, which the service uses from now on."""

    schedule_id: UUID


TravelMinutes = Annotated[int, Strict(), Field(ge=0, le=480)]
MostSessions = Annotated[int, Strict(), Field(ge=1, le=1000)]


class LimitsBody(Body):
    """How many sessions of all services together start on a day, and in a week from Monday, in the schedule's zone."""

    sessions_per_day: MostSessions | None = None
    sessions_per_week: MostSessions | None = None


class UsualScheduleBody(ScheduleBody):
    """A practitioner's usual schedule, with limits over all services; it replaces the one before.

    Sessions at two locations are at least `travel_minutes` apart.
    """

    limits: LimitsBody | None = None
    travel_minutes: TravelMinutes = 0


def _refuse_overlaps(ordered: Sequence[tuple[timedelta, timedelta]]) -> None:
    if any(later[0] < earlier[1] for earlier, later in pairwise(ordered)):
        raise PydanticCustomError("overlapping_windows", "Choose windows that do not overlap")


class ScheduleView(View):
    """The hours in force: the practitioner's, those of a service that has its own, or the named ones that it uses."""

    practitioner_id: UUID
    service_id: UUID | None
    schedule_id: UUID | None
    timezone: str
    weekly: list[dict[str, Any]]
    overrides: list[dict[str, Any]]
    zone_changes: list[dict[str, Any]]


class LimitsView(View):
    """What is null has no limit."""

    sessions_per_day: int | None
    sessions_per_week: int | None


class UsualScheduleView(ScheduleView):
    """A practitioner's usual hours, with limits over all services."""

    limits: LimitsView | None
    travel_minutes: int
