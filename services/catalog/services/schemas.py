"""Bodies about services. Durations, buffers and notice are minutes."""

from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field, Strict, StringConstraints, WithJsonSchema

from services.catalog.services.domain import (
    LONGEST_HORIZON_DAYS,
    LONGEST_NOTICE_MINUTES,
    MINUTES_A_DAY,
    MOST_PARTICIPANTS,
    USUAL_DECISION_HOURS,
    USUAL_OFFER_MINUTES,
    USUAL_REMINDERS,
    BookingMode,
    Delivery,
    InactiveReason,
    ServiceType,
)
from services.catalog.services.models import Service
from services.catalog.services.terms import (
    CancelPolicy,
    CertificatePercent,
    DecisionHours,
    Fees,
    FeesView,
    Flag,
    LocationIds,
    Moves,
    OfferMinutes,
    PolicyHours,
    PolicyView,
    Reminders,
    ResourceNeedView,
    Resources,
    SeriesMax,
    ServiceLimits,
    ServiceLimitsView,
)
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
MajorUnits = Annotated[
    Decimal,
    Query(ge=0, le=99_999_999, allow_inf_nan=False, description="in major units"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 99_999_999}),
]


class NewService(Body):
    """A service to create. Without `slot_interval_minutes`, slots follow each other by the duration.

    Without `cancel_policy` and `reschedule_hours` bookings have the install's; `max_reschedules` counts the client's
    own moves of one booking. Both sides are reminded `reminders_minutes` before the start. With `booking_mode`
    `request` the practitioner decides on each booking, within `decide_within_hours`; a standing appointment has at most
    `series_max` dates. Of courses: `late_join`, and `certificate_percent`, the attendance that earns a certificate.
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
    booking_mode: BookingMode = BookingMode.INSTANT
    decide_within_hours: DecisionHours = USUAL_DECISION_HOURS
    limits: ServiceLimits | None = None
    waitlist: Flag = True
    offer_minutes: OfferMinutes = USUAL_OFFER_MINUTES
    series_max: SeriesMax = 0
    fees: Fees | None = None
    late_join: Flag = True
    certificate_percent: CertificatePercent | None = None
    resources: Resources = Field(default_factory=list)
    location_ids: LocationIds = Field(default_factory=list)


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
    booking_mode: BookingMode | None = None
    decide_within_hours: DecisionHours | None = None
    limits: ServiceLimits | None = None
    waitlist: Flag | None = None
    offer_minutes: OfferMinutes | None = None
    series_max: SeriesMax | None = None
    fees: Fees | None = None
    late_join: Flag | None = None
    certificate_percent: CertificatePercent | None = None
    resources: Resources | None = None
    location_ids: LocationIds | None = None
    is_active: Annotated[bool, Strict()] = UNCHANGED


class ServiceView(View):
    """A service as everyone sees it. `next_available`: the first start that can be booked, null for none in 60 days."""

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
    booking_mode: BookingMode
    decide_within_hours: int
    limits: ServiceLimitsView | None
    waitlist: bool
    offer_minutes: int
    series_max: int
    fees: FeesView
    late_join: bool
    certificate_percent: int | None
    resources: list[ResourceNeedView]
    location_ids: list[UUID]
    is_active: bool
    inactive_reason: InactiveReason | None
    next_available: UtcTime | None
    created_at: UtcTime
    updated_at: UtcTime


class CourseView(ServiceView):
    """A course with what is left of it: `price_now` buys the `sessions_left`; it is null where there are none."""

    price_now: Money | None
    sessions_left: int


def columns_of(body: NewService | ServiceChange) -> dict[str, Any]:
    """The body's fields as columns; of a change only what is given, null as the default of a new service."""
    change = isinstance(body, ServiceChange)
    given = body.model_dump(exclude_unset=change, exclude={"price", "fees"})
    given = {name: _default_of(name) if value is None else value for name, value in given.items()}
    if "slot_interval_minutes" in given:
        given["own_interval_minutes"] = given.pop("slot_interval_minutes")
    if "price" in body.model_fields_set:
        given |= {"price_amount": body.price.amount, "currency": body.price.currency}
    if not change or "fees" in body.model_fields_set:
        given |= _fee_amounts(body.fees or Fees())
    return given


def _fee_amounts(fees: Fees) -> dict[str, int]:
    amounts = {"no_show_fee_amount": fees.no_show, "late_cancel_fee_amount": fees.late_cancel}
    return {name: fee.amount if fee else 0 for name, fee in amounts.items()}


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
        booking_mode=service.booking_mode,
        decide_within_hours=service.decide_within_hours,
        limits=service.limits,
        waitlist=service.waitlist,
        offer_minutes=service.offer_minutes,
        series_max=service.series_max,
        no_show_fee_amount=service.no_show_fee_amount,
        late_cancel_fee_amount=service.late_cancel_fee_amount,
        late_join=service.late_join,
        certificate_percent=service.certificate_percent,
        resources=service.resources,
        location_ids=service.location_ids,
    )
