"""Bodies about services. Durations, buffers and notice are minutes."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import AfterValidator, Field, Strict, StringConstraints, ValidationInfo, WithJsonSchema, field_validator
from pydantic_core import PydanticCustomError

from services.catalog.services.domain import (
    LEAST_LEAD_MINUTES,
    LONGEST_HORIZON_DAYS,
    LONGEST_LEAD_MINUTES,
    LONGEST_NOTICE_MINUTES,
    LONGEST_POLICY_HOURS,
    MINUTES_A_DAY,
    MOST_PARTICIPANTS,
    MOST_REMINDERS,
    MOST_RESCHEDULES,
    USUAL_REMINDERS,
    Delivery,
    InactiveReason,
    ServiceType,
)
from services.catalog.services.models import Service
from shared.events.catalog import ServiceSnapshot
from shared.records.money import Money, Price
from shared.web.bodies import UNCHANGED
from shared.web.http import Body, LongText, Text, UtcTime, View

Title = Annotated[Text, StringConstraints(min_length=1, max_length=200)]
Description = Annotated[LongText, StringConstraints(max_length=10_000)]
Slug = Annotated[Text, StringConstraints(min_length=1, max_length=40)]
Duration = Annotated[int, Strict(), Field(ge=5, le=MINUTES_A_DAY)]
Buffer = Annotated[int, Strict(), Field(ge=0, le=MINUTES_A_DAY)]
Notice = Annotated[int, Strict(), Field(ge=0, le=LONGEST_NOTICE_MINUTES)]
Horizon = Annotated[int, Strict(), Field(ge=1, le=LONGEST_HORIZON_DAYS)]
Participants = Annotated[int, Strict(), Field(ge=1, le=MOST_PARTICIPANTS)]
PolicyHours = Annotated[int, Strict(), Field(ge=0, le=LONGEST_POLICY_HOURS)]
Moves = Annotated[int, Strict(), Field(ge=0, le=MOST_RESCHEDULES)]
LeadMinutes = Annotated[int, Strict(), Field(ge=LEAST_LEAD_MINUTES, le=LONGEST_LEAD_MINUTES)]


def _each_once(minutes: list[int]) -> list[int]:
    """The earliest reminder first; raises where two are for one moment."""
    if len(set(minutes)) < len(minutes):
        raise PydanticCustomError("duplicate", "Each moment once")
    return sorted(minutes, reverse=True)


Reminders = Annotated[list[LeadMinutes], Field(max_length=MOST_REMINDERS), AfterValidator(_each_once)]
MajorUnits = Annotated[
    Decimal,
    Query(ge=0, le=99_999_999, allow_inf_nan=False, description="in major units"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 99_999_999}),
]


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


class NewService(Body):
    """A service to create. Without `slot_interval_minutes`, slots follow each other by the duration.

    Without `cancel_policy` and `reschedule_hours` bookings have the install's; `max_reschedules` counts the client's
    own moves of one booking. Both sides are reminded `reminders_minutes` before the start.
    """

    service_type: ServiceType
    title: Title
    description: Description
    category: Slug
    price: Price
    duration_minutes: Duration
    max_participants: Participants = 1
    delivery: Delivery
    buffer_before_minutes: Buffer = 0
    buffer_after_minutes: Buffer = 0
    min_notice_minutes: Notice = 0
    slot_interval_minutes: Duration | None = None
    horizon_days: Horizon = 90
    cancel_policy: CancelPolicy | None = None
    reschedule_hours: PolicyHours | None = None
    max_reschedules: Moves | None = None
    reminders_minutes: Reminders = Field(default_factory=lambda: list(USUAL_REMINDERS))


class ServiceChange(Body):
    """What is left out stays; null sets a field that has a default back to it, and is refused for the others.

    `is_active: true` puts a withdrawn service on sale again.
    """

    service_type: ServiceType = UNCHANGED
    title: Title = UNCHANGED
    description: Description = UNCHANGED
    category: Slug = UNCHANGED
    price: Price = UNCHANGED
    duration_minutes: Duration = UNCHANGED
    max_participants: Participants | None = None
    delivery: Delivery = UNCHANGED
    buffer_before_minutes: Buffer | None = None
    buffer_after_minutes: Buffer | None = None
    min_notice_minutes: Notice | None = None
    slot_interval_minutes: Duration | None = None
    horizon_days: Horizon | None = None
    cancel_policy: CancelPolicy | None = None
    reschedule_hours: PolicyHours | None = None
    max_reschedules: Moves | None = None
    reminders_minutes: Reminders | None = None
    is_active: Annotated[bool, Strict()] = UNCHANGED


class PolicyView(View):
    """What is null is the install's."""

    full_hours: int | None
    part_hours: int | None
    part_percent: int | None


class ServiceView(View):
    """A service as everyone sees it."""

    id: UUID
    practitioner_id: UUID
    practitioner_name: str
    service_type: ServiceType
    title: str
    description: str
    category: str
    price: Money
    duration_minutes: int
    max_participants: int
    delivery: Delivery
    buffer_before_minutes: int
    buffer_after_minutes: int
    min_notice_minutes: int
    slot_interval_minutes: int
    horizon_days: int
    cancel_policy: PolicyView | None
    reschedule_hours: int | None
    max_reschedules: int | None
    reminders_minutes: list[int]
    is_active: bool
    inactive_reason: InactiveReason | None
    created_at: UtcTime
    updated_at: UtcTime


def columns_of(body: NewService | ServiceChange) -> dict[str, Any]:
    """The body's fields as columns; of a change only what is given, null as the default of a new service."""
    change = isinstance(body, ServiceChange)
    given = body.model_dump(exclude_unset=change, exclude={"price"})
    given = {name: _default_of(name) if value is None else value for name, value in given.items()}
    if "slot_interval_minutes" in given:
        given["own_interval_minutes"] = given.pop("slot_interval_minutes")
    if "price" in body.model_fields_set:
        given |= {"price_amount": body.price.amount, "currency": body.price.currency}
    return given


def _default_of(name: str) -> Any:
    return NewService.model_fields[name].get_default(call_default_factory=True)


def snapshot_of(service: Service) -> ServiceSnapshot:
    """The service as the other services need it; its practitioner is loaded."""
    return ServiceSnapshot(
        service_id=service.id,
        practitioner_id=service.practitioner_id,
        practitioner_user_id=service.practitioner.user_id,
        version=service.version,
        service_type=service.service_type,
        title=service.title,
        price=service.price,
        duration_minutes=service.duration_minutes,
        max_participants=service.max_participants,
        delivery=service.delivery,
        buffer_before_minutes=service.buffer_before_minutes,
        buffer_after_minutes=service.buffer_after_minutes,
        min_notice_minutes=service.min_notice_minutes,
        slot_interval_minutes=service.slot_interval_minutes,
        horizon_days=service.horizon_days,
        is_active=service.is_active and service.practitioner.is_approved,
        practitioner_timezone=service.practitioner.timezone,
        cancel_policy=service.cancel_policy,
        reschedule_hours=service.reschedule_hours,
        max_reschedules=service.max_reschedules,
        reminders_minutes=service.reminders_minutes,
    )
