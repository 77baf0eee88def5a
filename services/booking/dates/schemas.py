"""Dates and series, as practitioners write them."""

from datetime import timedelta
from typing import Annotated, Any
from uuid import UUID

from pydantic import (
    Discriminator,
    Field,
    StrictBool,
    StringConstraints,
    Tag,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError

from services.booking.calendars.dates import LONGEST_DATE
from services.booking.calendars.schemas import DateView
from services.booking.cancellations.schemas import Reason
from services.booking.dates.recurrence import MOST_DATES
from services.booking.schedules.schemas import IsoDate, OpeningTime, ScheduleBody, ScheduleChoice, or_null
from shared.records.times import ZoneName
from shared.web.http import Body, Text, UtcTime, View


class NewDate(Body):
    """A date to announce; without `end_time` it lasts as long as the service says.

    Without `location_id` it is at the service's location, if that has one alone.
    """

    start_time: UtcTime
    end_time: UtcTime | None = None
    location_id: UUID | None = None

    @field_validator("end_time")
    @classmethod
    def _after_start(cls, end: UtcTime | None, info: ValidationInfo) -> UtcTime | None:
        start = info.data.get("start_time")
        if end is not None and start is not None and not timedelta() < end - start <= LONGEST_DATE:
            raise PydanticCustomError("ends_before_start", "End after the start, within two weeks")
        return end


LeftOut = Annotated[list[IsoDate], Field(max_length=1000)]


class NewSeries(Body):
    """Dates by a rule of RFC 5545, from `start_date` on, at `start_time` of the zone's wall clock."""

    rrule: Annotated[Text, StringConstraints(min_length=1, max_length=200)]
    start_date: IsoDate
    start_time: OpeningTime
    timezone: ZoneName
    location_id: UUID | None = None
    left_out: Annotated[LeftOut, or_null(LeftOut)] = Field([], alias="except")


SingleDates = Annotated[list[NewDate], Field(max_length=MOST_DATES)]


class DatesBody(Body):
    """Dates of a workshop or a course: single ones, a series, or both."""

    dates: Annotated[SingleDates, or_null(SingleDates)] = Field([])
    series: NewSeries | None = None

    def locations(self) -> list[tuple[str, UUID]]:
        """Those that are named, each with its field."""
        named = [(f"dates.{number}.location_id", date.location_id) for number, date in enumerate(self.dates)]
        named += [("series.location_id", self.series.location_id)] if self.series else []
        return [(field, location_id) for field, location_id in named if location_id]


def _form_of(given: Any) -> str:
    keys = given.keys() if isinstance(given, dict) else ()
    if "schedule_id" in keys:
        return "choice"
    return "announced" if {"dates", "series"} & set(keys) else "hours"


ServiceSchedule = Annotated[
    Annotated[ScheduleBody, Tag("hours")]
    | Annotated[ScheduleChoice, Tag("choice")]
    | Annotated[DatesBody, Tag("announced")],
    Discriminator(_form_of),
]
"""Distinguished by their fields, so that a refusal names those of the form that was meant."""


class CancelSessionBody(Body):
    """Why, for the clients; with `following` the later dates of the same series too, which ends with that."""

    reason: Reason | None = None
    following: StrictBool | None = None


class AnnouncedView(View):
    """The dates that were announced."""

    results: list[DateView]
