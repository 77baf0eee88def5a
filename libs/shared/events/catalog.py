"""Events of catalog: practitioners and their services."""

from collections.abc import Mapping
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from shared.events.base import Event, Owned, Personal
from shared.records.money import Money

ERASED_NAME, ERASED_TITLE = "Erased account", "Erased service"
"""What takes the place of an erased practitioner's name, and of the titles of their services."""
PROFILE = {"display_name": Owned(("user_id",), ERASED_NAME), "timezone": Owned(("user_id",), "UTC")}


class PractitionerEvent(Event):
    """A practitioner as they are now; `version` grows by at least one with each event of the same practitioner."""

    topic: ClassVar[str] = "estuary.catalog"
    keyed_by: ClassVar[str] = "practitioner_id"
    owned: ClassVar[Mapping[str, Owned]] = PROFILE

    practitioner_id: UUID
    user_id: UUID
    display_name: Annotated[str, Personal]
    timezone: Annotated[str, Personal]
    verification_status: str
    version: int


class PractitionerApplied(PractitionerEvent):
    """A user asked to offer services; nothing is decided yet."""


class PractitionerVerificationChanged(PractitionerEvent):
    """Staff decided, or the practitioner applied again after changes. `note` is staff's text to them."""

    owned: ClassVar[Mapping[str, Owned]] = PROFILE | {"note": Owned(("user_id",))}

    note: Annotated[str | None, Personal] = None


class PractitionerUpdated(PractitionerEvent):
    """The practitioner changed the profile."""


class PolicySnapshot(BaseModel):
    """What of the install's cancellation policy a service changes; None: nothing of that."""

    model_config = ConfigDict(frozen=True)

    full_hours: int | None = None
    part_hours: int | None = None
    part_percent: int | None = None


class LimitsSnapshot(BaseModel):
    """How many sessions of a service start on a day and in a week, and how many seats one client has; None: any."""

    model_config = ConfigDict(frozen=True)

    sessions_per_day: int | None = None
    sessions_per_week: int | None = None
    open_per_client: int | None = None
    per_client_per_week: int | None = None


class NeedSnapshot(BaseModel):
    """So many units of any of these resources, which each session of a service takes."""

    model_config = ConfigDict(frozen=True)

    any_of: tuple[UUID, ...]
    quantity: int = 1


class ServiceSnapshot(BaseModel):
    """One service, with what the other services need of it.

    `is_active` is true when it can be booked now: not withdrawn, and its practitioner is approved.
    `slot_interval_minutes` is always filled. `version` grows with each event of the same service. Without
    `cancel_policy` or `reschedule_hours` the install's hold, without `max_reschedules` a client moves at will. Fees are
    minor units of the price's currency.
    """

    model_config = ConfigDict(frozen=True)

    service_id: UUID
    practitioner_id: UUID
    practitioner_user_id: UUID
    version: int
    service_type: str
    title: Annotated[str, Personal]
    price: Money
    duration_minutes: int
    max_participants: int
    delivery: str
    buffer_before_minutes: int
    buffer_after_minutes: int
    min_notice_minutes: int
    slot_interval_minutes: int
    horizon_days: int
    is_active: bool
    practitioner_timezone: Annotated[str, Personal]
    cancel_policy: PolicySnapshot | None = None
    reschedule_hours: int | None = None
    max_reschedules: int | None = None
    reminders_minutes: tuple[int, ...] = (1440, 30)
    booking_mode: str = "instant"
    decide_within_hours: int = 48
    limits: LimitsSnapshot | None = None
    waitlist: bool = True
    offer_minutes: int = 720
    series_max: int = 0
    no_show_fee_amount: int = 0
    late_cancel_fee_amount: int = 0
    late_join: bool = True
    certificate_percent: int | None = None
    resources: tuple[NeedSnapshot, ...] = ()
    location_ids: tuple[UUID, ...] = ()


class LocationEvent(Event):
    """A location of a practitioner, by its id alone."""

    topic: ClassVar[str] = "estuary.catalog"
    keyed_by: ClassVar[str] = "practitioner_id"

    location_id: UUID
    practitioner_id: UUID


class LocationAdded(LocationEvent):
    """A practitioner works there now; a virtual location is no place."""

    is_virtual: bool


class LocationRemoved(LocationEvent):
    """The practitioner works there no more."""


class ServiceEvent(Event):
    """A service as it is now."""

    topic: ClassVar[str] = "estuary.catalog"
    keyed_by: ClassVar[str] = "service.service_id"
    owned: ClassVar[Mapping[str, Owned]] = {
        "service.title": Owned(("service.practitioner_user_id",), ERASED_TITLE),
        "service.practitioner_timezone": Owned(("service.practitioner_user_id",), "UTC"),
    }

    service: ServiceSnapshot


class ServiceCreated(ServiceEvent):
    """A practitioner has added a service."""


class ServiceUpdated(ServiceEvent):
    """The service changed, or its practitioner in a way that shows in it (zone, approval)."""


class ServiceDeactivated(ServiceEvent):
    """The practitioner withdrew the service; what is booked stays booked."""
