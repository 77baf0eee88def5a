from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.booking_mode import BookingMode
from ..models.catalog_delivery import CatalogDelivery
from ..models.service_type import ServiceType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.cancel_policy import CancelPolicy
    from ..models.fees import Fees
    from ..models.money import Money
    from ..models.resource_need import ResourceNeed
    from ..models.service_limits import ServiceLimits


T = TypeVar("T", bound="NewService")


@_attrs_define
class NewService:
    """A service to create. Without `slot_interval_minutes`, slots follow each other by the duration.

    Without `cancel_policy` and `reschedule_hours` bookings have the install's; `max_reschedules` counts the client's
    own moves of one booking. Both sides are reminded `reminders_minutes` before the start. With `booking_mode`
    `request` the practitioner decides on each booking, within `decide_within_hours`; a standing appointment has at most
    `series_max` dates. Of courses: `late_join`, and `certificate_percent`, the attendance that earns a certificate.

        Attributes:
            service_type (ServiceType): The kinds of service that exist.
            title (str):
            description (str):
            category (str):
            price (Money):
            duration_minutes (int):
            delivery (CatalogDelivery): Where a service takes place.
            max_participants (int | Unset):  Default: 1.
            buffer_before_minutes (int | Unset):  Default: 0.
            buffer_after_minutes (int | Unset):  Default: 0.
            min_notice_minutes (int | Unset):  Default: 0.
            slot_interval_minutes (int | None | Unset):
            horizon_days (int | Unset):  Default: 90.
            cancel_policy (CancelPolicy | None | Unset):
            reschedule_hours (int | None | Unset):
            max_reschedules (int | None | Unset):
            reminders_minutes (list[int] | Unset):
            booking_mode (BookingMode | Unset): Whether a booking is confirmed once it is paid, or the practitioner decides
                on it.
            decide_within_hours (int | Unset):  Default: 48.
            limits (None | ServiceLimits | Unset):
            waitlist (bool | Unset):  Default: True.
            offer_minutes (int | Unset):  Default: 720.
            series_max (int | Unset):  Default: 0.
            fees (Fees | None | Unset):
            late_join (bool | Unset):  Default: True.
            certificate_percent (int | None | Unset):
            resources (list[ResourceNeed] | Unset):
            location_ids (list[UUID] | Unset):
    """

    service_type: ServiceType
    title: str
    description: str
    category: str
    price: Money
    duration_minutes: int
    delivery: CatalogDelivery
    max_participants: int | Unset = 1
    buffer_before_minutes: int | Unset = 0
    buffer_after_minutes: int | Unset = 0
    min_notice_minutes: int | Unset = 0
    slot_interval_minutes: int | None | Unset = UNSET
    horizon_days: int | Unset = 90
    cancel_policy: CancelPolicy | None | Unset = UNSET
    reschedule_hours: int | None | Unset = UNSET
    max_reschedules: int | None | Unset = UNSET
    reminders_minutes: list[int] | Unset = UNSET
    booking_mode: BookingMode | Unset = UNSET
    decide_within_hours: int | Unset = 48
    limits: None | ServiceLimits | Unset = UNSET
    waitlist: bool | Unset = True
    offer_minutes: int | Unset = 720
    series_max: int | Unset = 0
    fees: Fees | None | Unset = UNSET
    late_join: bool | Unset = True
    certificate_percent: int | None | Unset = UNSET
    resources: list[ResourceNeed] | Unset = UNSET
    location_ids: list[UUID] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.cancel_policy import CancelPolicy
        from ..models.fees import Fees
        from ..models.service_limits import ServiceLimits

        service_type = self.service_type.value

        title = self.title

        description = self.description

        category = self.category

        price = self.price.to_dict()

        duration_minutes = self.duration_minutes

        delivery = self.delivery.value

        max_participants = self.max_participants

        buffer_before_minutes = self.buffer_before_minutes

        buffer_after_minutes = self.buffer_after_minutes

        min_notice_minutes = self.min_notice_minutes

        slot_interval_minutes: int | None | Unset
        if isinstance(self.slot_interval_minutes, Unset):
            slot_interval_minutes = UNSET
        else:
            slot_interval_minutes = self.slot_interval_minutes

        horizon_days = self.horizon_days

        cancel_policy: dict[str, Any] | None | Unset
        if isinstance(self.cancel_policy, Unset):
            cancel_policy = UNSET
        elif isinstance(self.cancel_policy, CancelPolicy):
            cancel_policy = self.cancel_policy.to_dict()
        else:
            cancel_policy = self.cancel_policy

        reschedule_hours: int | None | Unset
        if isinstance(self.reschedule_hours, Unset):
            reschedule_hours = UNSET
        else:
            reschedule_hours = self.reschedule_hours

        max_reschedules: int | None | Unset
        if isinstance(self.max_reschedules, Unset):
            max_reschedules = UNSET
        else:
            max_reschedules = self.max_reschedules

        reminders_minutes: list[int] | Unset = UNSET
        if not isinstance(self.reminders_minutes, Unset):
            reminders_minutes = self.reminders_minutes

        booking_mode: str | Unset = UNSET
        if not isinstance(self.booking_mode, Unset):
            booking_mode = self.booking_mode.value

        decide_within_hours = self.decide_within_hours

        limits: dict[str, Any] | None | Unset
        if isinstance(self.limits, Unset):
            limits = UNSET
        elif isinstance(self.limits, ServiceLimits):
            limits = self.limits.to_dict()
        else:
            limits = self.limits

        waitlist = self.waitlist

        offer_minutes = self.offer_minutes

        series_max = self.series_max

        fees: dict[str, Any] | None | Unset
        if isinstance(self.fees, Unset):
            fees = UNSET
        elif isinstance(self.fees, Fees):
            fees = self.fees.to_dict()
        else:
            fees = self.fees

        late_join = self.late_join

        certificate_percent: int | None | Unset
        if isinstance(self.certificate_percent, Unset):
            certificate_percent = UNSET
        else:
            certificate_percent = self.certificate_percent

        resources: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.resources, Unset):
            resources = []
            for resources_item_data in self.resources:
                resources_item = resources_item_data.to_dict()
                resources.append(resources_item)

        location_ids: list[str] | Unset = UNSET
        if not isinstance(self.location_ids, Unset):
            location_ids = []
            for location_ids_item_data in self.location_ids:
                location_ids_item = str(location_ids_item_data)
                location_ids.append(location_ids_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "service_type": service_type,
                "title": title,
                "description": description,
                "category": category,
                "price": price,
                "duration_minutes": duration_minutes,
                "delivery": delivery,
            }
        )
        if max_participants is not UNSET:
            field_dict["max_participants"] = max_participants
        if buffer_before_minutes is not UNSET:
            field_dict["buffer_before_minutes"] = buffer_before_minutes
        if buffer_after_minutes is not UNSET:
            field_dict["buffer_after_minutes"] = buffer_after_minutes
        if min_notice_minutes is not UNSET:
            field_dict["min_notice_minutes"] = min_notice_minutes
        if slot_interval_minutes is not UNSET:
            field_dict["slot_interval_minutes"] = slot_interval_minutes
        if horizon_days is not UNSET:
            field_dict["horizon_days"] = horizon_days
        if cancel_policy is not UNSET:
            field_dict["cancel_policy"] = cancel_policy
        if reschedule_hours is not UNSET:
            field_dict["reschedule_hours"] = reschedule_hours
        if max_reschedules is not UNSET:
            field_dict["max_reschedules"] = max_reschedules
        if reminders_minutes is not UNSET:
            field_dict["reminders_minutes"] = reminders_minutes
        if booking_mode is not UNSET:
            field_dict["booking_mode"] = booking_mode
        if decide_within_hours is not UNSET:
            field_dict["decide_within_hours"] = decide_within_hours
        if limits is not UNSET:
            field_dict["limits"] = limits
        if waitlist is not UNSET:
            field_dict["waitlist"] = waitlist
        if offer_minutes is not UNSET:
            field_dict["offer_minutes"] = offer_minutes
        if series_max is not UNSET:
            field_dict["series_max"] = series_max
        if fees is not UNSET:
            field_dict["fees"] = fees
        if late_join is not UNSET:
            field_dict["late_join"] = late_join
        if certificate_percent is not UNSET:
            field_dict["certificate_percent"] = certificate_percent
        if resources is not UNSET:
            field_dict["resources"] = resources
        if location_ids is not UNSET:
            field_dict["location_ids"] = location_ids

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.cancel_policy import CancelPolicy
        from ..models.fees import Fees
        from ..models.money import Money
        from ..models.resource_need import ResourceNeed
        from ..models.service_limits import ServiceLimits

        d = dict(src_dict)
        service_type = ServiceType(d.pop("service_type"))

        title = d.pop("title")

        description = d.pop("description")

        category = d.pop("category")

        price = Money.from_dict(d.pop("price"))

        duration_minutes = d.pop("duration_minutes")

        delivery = CatalogDelivery(d.pop("delivery"))

        max_participants = d.pop("max_participants", UNSET)

        buffer_before_minutes = d.pop("buffer_before_minutes", UNSET)

        buffer_after_minutes = d.pop("buffer_after_minutes", UNSET)

        min_notice_minutes = d.pop("min_notice_minutes", UNSET)

        def _parse_slot_interval_minutes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        slot_interval_minutes = _parse_slot_interval_minutes(
            d.pop("slot_interval_minutes", UNSET)
        )

        horizon_days = d.pop("horizon_days", UNSET)

        def _parse_cancel_policy(data: object) -> CancelPolicy | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                cancel_policy_type_0 = CancelPolicy.from_dict(data)

                return cancel_policy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CancelPolicy | None | Unset, data)

        cancel_policy = _parse_cancel_policy(d.pop("cancel_policy", UNSET))

        def _parse_reschedule_hours(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        reschedule_hours = _parse_reschedule_hours(d.pop("reschedule_hours", UNSET))

        def _parse_max_reschedules(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_reschedules = _parse_max_reschedules(d.pop("max_reschedules", UNSET))

        reminders_minutes = cast(list[int], d.pop("reminders_minutes", UNSET))

        _booking_mode = d.pop("booking_mode", UNSET)
        booking_mode: BookingMode | Unset
        if isinstance(_booking_mode, Unset):
            booking_mode = UNSET
        else:
            booking_mode = BookingMode(_booking_mode)

        decide_within_hours = d.pop("decide_within_hours", UNSET)

        def _parse_limits(data: object) -> None | ServiceLimits | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                limits_type_0 = ServiceLimits.from_dict(data)

                return limits_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ServiceLimits | Unset, data)

        limits = _parse_limits(d.pop("limits", UNSET))

        waitlist = d.pop("waitlist", UNSET)

        offer_minutes = d.pop("offer_minutes", UNSET)

        series_max = d.pop("series_max", UNSET)

        def _parse_fees(data: object) -> Fees | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                fees_type_0 = Fees.from_dict(data)

                return fees_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Fees | None | Unset, data)

        fees = _parse_fees(d.pop("fees", UNSET))

        late_join = d.pop("late_join", UNSET)

        def _parse_certificate_percent(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        certificate_percent = _parse_certificate_percent(
            d.pop("certificate_percent", UNSET)
        )

        _resources = d.pop("resources", UNSET)
        resources: list[ResourceNeed] | Unset = UNSET
        if _resources is not UNSET:
            resources = []
            for resources_item_data in _resources:
                resources_item = ResourceNeed.from_dict(resources_item_data)

                resources.append(resources_item)

        _location_ids = d.pop("location_ids", UNSET)
        location_ids: list[UUID] | Unset = UNSET
        if _location_ids is not UNSET:
            location_ids = []
            for location_ids_item_data in _location_ids:
                location_ids_item = UUID(location_ids_item_data)

                location_ids.append(location_ids_item)

        new_service = cls(
            service_type=service_type,
            title=title,
            description=description,
            category=category,
            price=price,
            duration_minutes=duration_minutes,
            delivery=delivery,
            max_participants=max_participants,
            buffer_before_minutes=buffer_before_minutes,
            buffer_after_minutes=buffer_after_minutes,
            min_notice_minutes=min_notice_minutes,
            slot_interval_minutes=slot_interval_minutes,
            horizon_days=horizon_days,
            cancel_policy=cancel_policy,
            reschedule_hours=reschedule_hours,
            max_reschedules=max_reschedules,
            reminders_minutes=reminders_minutes,
            booking_mode=booking_mode,
            decide_within_hours=decide_within_hours,
            limits=limits,
            waitlist=waitlist,
            offer_minutes=offer_minutes,
            series_max=series_max,
            fees=fees,
            late_join=late_join,
            certificate_percent=certificate_percent,
            resources=resources,
            location_ids=location_ids,
        )

        return new_service
