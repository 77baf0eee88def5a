"""On which terms a service is sold: how it is cancelled and moved, who decides, limits, fees."""

from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, Field, Strict, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from services.catalog.services.domain import (
    LEAST_LEAD_MINUTES,
    LEAST_OFFER_MINUTES,
    LEAST_SERIES,
    LONGEST_DECISION_HOURS,
    LONGEST_LEAD_MINUTES,
    LONGEST_OFFER_MINUTES,
    LONGEST_POLICY_HOURS,
    LONGEST_SERIES,
    MOST_LIMITED,
    MOST_REMINDERS,
    MOST_RESCHEDULES,
)
from shared.records.money import Money, Price
from shared.web.http import Body, View

PolicyHours = Annotated[int, Strict(), Field(ge=0, le=LONGEST_POLICY_HOURS)]
Moves = Annotated[int, Strict(), Field(ge=0, le=MOST_RESCHEDULES)]
LeadMinutes = Annotated[int, Strict(), Field(ge=LEAST_LEAD_MINUTES, le=LONGEST_LEAD_MINUTES)]
DecisionHours = Annotated[int, Strict(), Field(ge=1, le=LONGEST_DECISION_HOURS)]
OfferMinutes = Annotated[int, Strict(), Field(ge=LEAST_OFFER_MINUTES, le=LONGEST_OFFER_MINUTES)]
Limit = Annotated[int, Strict(), Field(ge=1, le=MOST_LIMITED)]
CertificatePercent = Annotated[int, Strict(), Field(ge=1, le=100)]
Flag = Annotated[bool, Strict()]


def _each_once(minutes: list[int]) -> list[int]:
    """The earliest reminder first; raises where two are for one moment."""
    if len(set(minutes)) < len(minutes):
        raise PydanticCustomError("duplicate", "Each moment once")
    return sorted(minutes, reverse=True)


def _a_series(count: int) -> int:
    """A series has two dates at least; 0 sells none."""
    if 0 < count < LEAST_SERIES:
        raise PydanticCustomError("too_short_a_series", "0, or at least 2")
    return count


Reminders = Annotated[list[LeadMinutes], Field(max_length=MOST_REMINDERS), AfterValidator(_each_once)]
SeriesMax = Annotated[int, Strict(), Field(ge=0, le=LONGEST_SERIES), AfterValidator(_a_series)]


class CancelPolicy(Body):
    """All of the price goes back until `full_hours` before the start, `part_percent` of it until `part_hours`.

    What is left out is the install's.
    """

    full_hours: PolicyHours | None = None
    part_hours: PolicyHours | None = None
    part_percent: Annotated[int, Strict(), Field(ge=0, le=100)] | None = None

    @field_validator("part_hours")
    @classmethod
    def _ordered(cls, part_hours: int | None, info: ValidationInfo) -> int | None:
        full_hours = info.data.get("full_hours")
        if part_hours is not None and full_hours is not None and part_hours > full_hours:
            raise PydanticCustomError("part_after_full", "At most full_hours")
        return part_hours


class ServiceLimits(Body):
    """How many sessions of the service start on a day and in a week, in its schedule's zone, and how many seats one
    client has open at a time and in a week."""

    sessions_per_day: Limit | None = None
    sessions_per_week: Limit | None = None
    open_per_client: Limit | None = None
    per_client_per_week: Limit | None = None


class Fees(Body):
    """What a client pays who does not come, or cancels late, on a seat of price 0 or by pass."""

    no_show: Price | None = None
    late_cancel: Price | None = None

    def by_field(self) -> list[tuple[str, Money | None]]:
        """Each with the name of its field in the body."""
        return [("fees.no_show", self.no_show), ("fees.late_cancel", self.late_cancel)]


def _each_id_once(ids: list[UUID]) -> list[UUID]:
    if len(set(ids)) < len(ids):
        raise PydanticCustomError("duplicate", "Each of them once")
    return ids


UniqueIds = Annotated[
    list[UUID], Field(max_length=20, json_schema_extra={"uniqueItems": True}), AfterValidator(_each_id_once)
]
ResourceIds = Annotated[UniqueIds, Field(min_length=1)]
LocationIds = UniqueIds


class ResourceNeed(Body):
    """So many units of any of these resources; each session takes them for its time."""

    any_of: ResourceIds
    quantity: Annotated[int, Strict(), Field(ge=1, le=100)] = 1


Resources = Annotated[list[ResourceNeed], Field(max_length=10)]


class ResourceNeedView(View):
    """What each session takes."""

    any_of: list[UUID]
    quantity: int


class PolicyView(View):
    """What is null is the install's."""

    full_hours: int | None
    part_hours: int | None
    part_percent: int | None


class ServiceLimitsView(View):
    """What is null has no limit."""

    sessions_per_day: int | None
    sessions_per_week: int | None
    open_per_client: int | None
    per_client_per_week: int | None


class FeesView(View):
    """Zero is no fee."""

    no_show: Money
    late_cancel: Money
