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


T = TypeVar("T", bound="ServiceChange")


@_attrs_define
class ServiceChange:
    """What is left out stays; null sets a field that has a default back to it, and is refused for the others.

    `is_active: true` puts a withdrawn service on sale again.

        Attributes:
            service_type (ServiceType | Unset): The kinds of service that exist.
            title (str | Unset):
            description (str | Unset):
            category (str | Unset):
            price (Money | Unset):
            duration_minutes (int | Unset):
            max_participants (int | None | Unset):
            delivery (CatalogDelivery | Unset): Where a service takes place.
            buffer_before_minutes (int | None | Unset):
            buffer_after_minutes (int | None | Unset):
            min_notice_minutes (int | None | Unset):
            slot_interval_minutes (int | None | Unset):
            horizon_days (int | None | Unset):
            cancel_policy (CancelPolicy | None | Unset):
            reschedule_hours (int | None | Unset):
            max_reschedules (int | None | Unset):
            reminders_minutes (list[int] | None | Unset):
            booking_mode (BookingMode | None | Unset):
            decide_within_hours (int | None | Unset):
            limits (None | ServiceLimits | Unset):
            waitlist (bool | None | Unset):
            offer_minutes (int | None | Unset):
            series_max (int | None | Unset):
            fees (Fees | None | Unset):
            late_join (bool | None | Unset):
            certificate_percent (int | None | Unset):
            resources (list[ResourceNeed] | None | Unset):
            location_ids (list[UUID] | None | Unset):
            is_active (bool | Unset):
    """

    service_type: ServiceType | Unset = UNSET
    title: str | Unset = UNSET
    description: str | Unset = UNSET
    category: str | Unset = UNSET
    price: Money | Unset = UNSET
    duration_minutes: int | Unset = UNSET
    max_participants: int | None | Unset = UNSET
    delivery: CatalogDelivery | Unset = UNSET
    buffer_before_minutes: int | None | Unset = UNSET
    buffer_after_minutes: int | None | Unset = UNSET
    min_notice_minutes: int | None | Unset = UNSET
    slot_interval_minutes: int | None | Unset = UNSET
    horizon_days: int | None | Unset = UNSET
    cancel_policy: CancelPolicy | None | Unset = UNSET
    reschedule_hours: int | None | Unset = UNSET
    max_reschedules: int | None | Unset = UNSET
    reminders_minutes: list[int] | None | Unset = UNSET
    booking_mode: BookingMode | None | Unset = UNSET
    decide_within_hours: int | None | Unset = UNSET
    limits: None | ServiceLimits | Unset = UNSET
    waitlist: bool | None | Unset = UNSET
    offer_minutes: int | None | Unset = UNSET
    series_max: int | None | Unset = UNSET
    fees: Fees | None | Unset = UNSET
    late_join: bool | None | Unset = UNSET
    certificate_percent: int | None | Unset = UNSET
    resources: list[ResourceNeed] | None | Unset = UNSET
    location_ids: list[UUID] | None | Unset = UNSET
    is_active: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.cancel_policy import CancelPolicy
        from ..models.fees import Fees
        from ..models.service_limits import ServiceLimits

        service_type: str | Unset = UNSET
        if not isinstance(self.service_type, Unset):
            service_type = self.service_type.value

        title = self.title

        description = self.description

        category = self.category

        price: dict[str, Any] | Unset = UNSET
        if not isinstance(self.price, Unset):
            price = self.price.to_dict()

        duration_minutes = self.duration_minutes

        max_participants: int | None | Unset
        if isinstance(self.max_participants, Unset):
            max_participants = UNSET
        else:
            max_participants = self.max_participants

        delivery: str | Unset = UNSET
        if not isinstance(self.delivery, Unset):
            delivery = self.delivery.value

        buffer_before_minutes: int | None | Unset
        if isinstance(self.buffer_before_minutes, Unset):
            buffer_before_minutes = UNSET
        else:
            buffer_before_minutes = self.buffer_before_minutes

        buffer_after_minutes: int | None | Unset
        if isinstance(self.buffer_after_minutes, Unset):
            buffer_after_minutes = UNSET
        else:
            buffer_after_minutes = self.buffer_after_minutes

        min_notice_minutes: int | None | Unset
        if isinstance(self.min_notice_minutes, Unset):
            min_notice_minutes = UNSET
        else:
            min_notice_minutes = self.min_notice_minutes

        slot_interval_minutes: int | None | Unset
        if isinstance(self.slot_interval_minutes, Unset):
            slot_interval_minutes = UNSET
        else:
            slot_interval_minutes = self.slot_interval_minutes

        horizon_days: int | None | Unset
        if isinstance(self.horizon_days, Unset):
            horizon_days = UNSET
        else:
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

        reminders_minutes: list[int] | None | Unset
        if isinstance(self.reminders_minutes, Unset):
            reminders_minutes = UNSET
        elif isinstance(self.reminders_minutes, list):
            reminders_minutes = self.reminders_minutes

        else:
            reminders_minutes = self.reminders_minutes

        booking_mode: None | str | Unset
        if isinstance(self.booking_mode, Unset):
            booking_mode = UNSET
        elif isinstance(self.booking_mode, BookingMode):
            booking_mode = self.booking_mode.value
        else:
            booking_mode = self.booking_mode

        decide_within_hours: int | None | Unset
        if isinstance(self.decide_within_hours, Unset):
            decide_within_hours = UNSET
        else:
            decide_within_hours = self.decide_within_hours

        limits: dict[str, Any] | None | Unset
        if isinstance(self.limits, Unset):
            limits = UNSET
        elif isinstance(self.limits, ServiceLimits):
            limits = self.limits.to_dict()
        else:
            limits = self.limits

        waitlist: bool | None | Unset
        if isinstance(self.waitlist, Unset):
            waitlist = UNSET
        else:
            waitlist = self.waitlist

        offer_minutes: int | None | Unset
        if isinstance(self.offer_minutes, Unset):
            offer_minutes = UNSET
        else:
            offer_minutes = self.offer_minutes

        series_max: int | None | Unset
        if isinstance(self.series_max, Unset):
            series_max = UNSET
        else:
            series_max = self.series_max

        fees: dict[str, Any] | None | Unset
        if isinstance(self.fees, Unset):
            fees = UNSET
        elif isinstance(self.fees, Fees):
            fees = self.fees.to_dict()
        else:
            fees = self.fees

        late_join: bool | None | Unset
        if isinstance(self.late_join, Unset):
            late_join = UNSET
        else:
            late_join = self.late_join

        certificate_percent: int | None | Unset
        if isinstance(self.certificate_percent, Unset):
            certificate_percent = UNSET
        else:
            certificate_percent = self.certificate_percent

        resources: list[dict[str, Any]] | None | Unset
        if isinstance(self.resources, Unset):
            resources = UNSET
        elif isinstance(self.resources, list):
            resources = []
            for resources_type_0_item_data in self.resources:
                resources_type_0_item = resources_type_0_item_data.to_dict()
                resources.append(resources_type_0_item)

        else:
            resources = self.resources

        location_ids: list[str] | None | Unset
        if isinstance(self.location_ids, Unset):
            location_ids = UNSET
        elif isinstance(self.location_ids, list):
            location_ids = []
            for location_ids_type_0_item_data in self.location_ids:
                location_ids_type_0_item = str(location_ids_type_0_item_data)
                location_ids.append(location_ids_type_0_item)

        else:
            location_ids = self.location_ids

        is_active = self.is_active

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if service_type is not UNSET:
            field_dict["service_type"] = service_type
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if category is not UNSET:
            field_dict["category"] = category
        if price is not UNSET:
            field_dict["price"] = price
        if duration_minutes is not UNSET:
            field_dict["duration_minutes"] = duration_minutes
        if max_participants is not UNSET:
            field_dict["max_participants"] = max_participants
        if delivery is not UNSET:
            field_dict["delivery"] = delivery
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
        if is_active is not UNSET:
            field_dict["is_active"] = is_active

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.cancel_policy import CancelPolicy
        from ..models.fees import Fees
        from ..models.money import Money
        from ..models.resource_need import ResourceNeed
        from ..models.service_limits import ServiceLimits

        d = dict(src_dict)
        _service_type = d.pop("service_type", UNSET)
        service_type: ServiceType | Unset
        if isinstance(_service_type, Unset):
            service_type = UNSET
        else:
            service_type = ServiceType(_service_type)

        title = d.pop("title", UNSET)

        description = d.pop("description", UNSET)

        category = d.pop("category", UNSET)

        _price = d.pop("price", UNSET)
        price: Money | Unset
        if isinstance(_price, Unset):
            price = UNSET
        else:
            price = Money.from_dict(_price)

        duration_minutes = d.pop("duration_minutes", UNSET)

        def _parse_max_participants(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        max_participants = _parse_max_participants(d.pop("max_participants", UNSET))

        _delivery = d.pop("delivery", UNSET)
        delivery: CatalogDelivery | Unset
        if isinstance(_delivery, Unset):
            delivery = UNSET
        else:
            delivery = CatalogDelivery(_delivery)

        def _parse_buffer_before_minutes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        buffer_before_minutes = _parse_buffer_before_minutes(
            d.pop("buffer_before_minutes", UNSET)
        )

        def _parse_buffer_after_minutes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        buffer_after_minutes = _parse_buffer_after_minutes(
            d.pop("buffer_after_minutes", UNSET)
        )

        def _parse_min_notice_minutes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        min_notice_minutes = _parse_min_notice_minutes(
            d.pop("min_notice_minutes", UNSET)
        )

        def _parse_slot_interval_minutes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        slot_interval_minutes = _parse_slot_interval_minutes(
            d.pop("slot_interval_minutes", UNSET)
        )

        def _parse_horizon_days(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        horizon_days = _parse_horizon_days(d.pop("horizon_days", UNSET))

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

        def _parse_reminders_minutes(data: object) -> list[int] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                reminders_minutes_type_0 = cast(list[int], data)

                return reminders_minutes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[int] | None | Unset, data)

        reminders_minutes = _parse_reminders_minutes(d.pop("reminders_minutes", UNSET))

        def _parse_booking_mode(data: object) -> BookingMode | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                booking_mode_type_0 = BookingMode(data)

                return booking_mode_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BookingMode | None | Unset, data)

        booking_mode = _parse_booking_mode(d.pop("booking_mode", UNSET))

        def _parse_decide_within_hours(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        decide_within_hours = _parse_decide_within_hours(
            d.pop("decide_within_hours", UNSET)
        )

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

        def _parse_waitlist(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        waitlist = _parse_waitlist(d.pop("waitlist", UNSET))

        def _parse_offer_minutes(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        offer_minutes = _parse_offer_minutes(d.pop("offer_minutes", UNSET))

        def _parse_series_max(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        series_max = _parse_series_max(d.pop("series_max", UNSET))

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

        def _parse_late_join(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        late_join = _parse_late_join(d.pop("late_join", UNSET))

        def _parse_certificate_percent(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        certificate_percent = _parse_certificate_percent(
            d.pop("certificate_percent", UNSET)
        )

        def _parse_resources(data: object) -> list[ResourceNeed] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                resources_type_0 = []
                _resources_type_0 = data
                for resources_type_0_item_data in _resources_type_0:
                    resources_type_0_item = ResourceNeed.from_dict(
                        resources_type_0_item_data
                    )

                    resources_type_0.append(resources_type_0_item)

                return resources_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ResourceNeed] | None | Unset, data)

        resources = _parse_resources(d.pop("resources", UNSET))

        def _parse_location_ids(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                location_ids_type_0 = []
                _location_ids_type_0 = data
                for location_ids_type_0_item_data in _location_ids_type_0:
                    location_ids_type_0_item = UUID(location_ids_type_0_item_data)

                    location_ids_type_0.append(location_ids_type_0_item)

                return location_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        location_ids = _parse_location_ids(d.pop("location_ids", UNSET))

        is_active = d.pop("is_active", UNSET)

        service_change = cls(
            service_type=service_type,
            title=title,
            description=description,
            category=category,
            price=price,
            duration_minutes=duration_minutes,
            max_participants=max_participants,
            delivery=delivery,
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
            is_active=is_active,
        )

        return service_change
