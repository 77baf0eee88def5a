from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.booking_mode import BookingMode
from ..models.catalog_delivery import CatalogDelivery
from ..models.inactive_reason import InactiveReason
from ..models.service_type import ServiceType

if TYPE_CHECKING:
    from ..models.catalog_policy_view import CatalogPolicyView
    from ..models.fees_view import FeesView
    from ..models.money import Money
    from ..models.resource_need_view import ResourceNeedView
    from ..models.service_limits_view import ServiceLimitsView


T = TypeVar("T", bound="CourseView")


@_attrs_define
class CourseView:
    """A course with what is left of it: `price_now` buys the `sessions_left`; it is null where there are none.

    Attributes:
        id (UUID):
        practitioner_id (UUID):
        practitioner_name (str):
        service_type (ServiceType): The kinds of service that exist.
        title (str):
        description (str):
        category (str):
        price (Money):
        duration_minutes (int):
        max_participants (int):
        delivery (CatalogDelivery): Where a service takes place.
        buffer_before_minutes (int):
        buffer_after_minutes (int):
        min_notice_minutes (int):
        slot_interval_minutes (int):
        horizon_days (int):
        cancel_policy (CatalogPolicyView | None):
        reschedule_hours (int | None):
        max_reschedules (int | None):
        reminders_minutes (list[int]):
        booking_mode (BookingMode): Whether a booking is confirmed once it is paid, or the practitioner decides on it.
        decide_within_hours (int):
        limits (None | ServiceLimitsView):
        waitlist (bool):
        offer_minutes (int):
        series_max (int):
        fees (FeesView): Zero is no fee.
        late_join (bool):
        certificate_percent (int | None):
        resources (list[ResourceNeedView]):
        location_ids (list[UUID]):
        is_active (bool):
        inactive_reason (InactiveReason | None):
        next_available (datetime.datetime | None):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        price_now (Money | None):
        sessions_left (int):
    """

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
    delivery: CatalogDelivery
    buffer_before_minutes: int
    buffer_after_minutes: int
    min_notice_minutes: int
    slot_interval_minutes: int
    horizon_days: int
    cancel_policy: CatalogPolicyView | None
    reschedule_hours: int | None
    max_reschedules: int | None
    reminders_minutes: list[int]
    booking_mode: BookingMode
    decide_within_hours: int
    limits: None | ServiceLimitsView
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
    next_available: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    price_now: Money | None
    sessions_left: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.catalog_policy_view import CatalogPolicyView
        from ..models.money import Money
        from ..models.service_limits_view import ServiceLimitsView

        id = str(self.id)

        practitioner_id = str(self.practitioner_id)

        practitioner_name = self.practitioner_name

        service_type = self.service_type.value

        title = self.title

        description = self.description

        category = self.category

        price = self.price.to_dict()

        duration_minutes = self.duration_minutes

        max_participants = self.max_participants

        delivery = self.delivery.value

        buffer_before_minutes = self.buffer_before_minutes

        buffer_after_minutes = self.buffer_after_minutes

        min_notice_minutes = self.min_notice_minutes

        slot_interval_minutes = self.slot_interval_minutes

        horizon_days = self.horizon_days

        cancel_policy: dict[str, Any] | None
        if isinstance(self.cancel_policy, CatalogPolicyView):
            cancel_policy = self.cancel_policy.to_dict()
        else:
            cancel_policy = self.cancel_policy

        reschedule_hours: int | None
        reschedule_hours = self.reschedule_hours

        max_reschedules: int | None
        max_reschedules = self.max_reschedules

        reminders_minutes = self.reminders_minutes

        booking_mode = self.booking_mode.value

        decide_within_hours = self.decide_within_hours

        limits: dict[str, Any] | None
        if isinstance(self.limits, ServiceLimitsView):
            limits = self.limits.to_dict()
        else:
            limits = self.limits

        waitlist = self.waitlist

        offer_minutes = self.offer_minutes

        series_max = self.series_max

        fees = self.fees.to_dict()

        late_join = self.late_join

        certificate_percent: int | None
        certificate_percent = self.certificate_percent

        resources = []
        for resources_item_data in self.resources:
            resources_item = resources_item_data.to_dict()
            resources.append(resources_item)

        location_ids = []
        for location_ids_item_data in self.location_ids:
            location_ids_item = str(location_ids_item_data)
            location_ids.append(location_ids_item)

        is_active = self.is_active

        inactive_reason: None | str
        if isinstance(self.inactive_reason, InactiveReason):
            inactive_reason = self.inactive_reason.value
        else:
            inactive_reason = self.inactive_reason

        next_available: None | str
        if isinstance(self.next_available, datetime.datetime):
            next_available = self.next_available.isoformat()
        else:
            next_available = self.next_available

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        price_now: dict[str, Any] | None
        if isinstance(self.price_now, Money):
            price_now = self.price_now.to_dict()
        else:
            price_now = self.price_now

        sessions_left = self.sessions_left

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "practitioner_id": practitioner_id,
                "practitioner_name": practitioner_name,
                "service_type": service_type,
                "title": title,
                "description": description,
                "category": category,
                "price": price,
                "duration_minutes": duration_minutes,
                "max_participants": max_participants,
                "delivery": delivery,
                "buffer_before_minutes": buffer_before_minutes,
                "buffer_after_minutes": buffer_after_minutes,
                "min_notice_minutes": min_notice_minutes,
                "slot_interval_minutes": slot_interval_minutes,
                "horizon_days": horizon_days,
                "cancel_policy": cancel_policy,
                "reschedule_hours": reschedule_hours,
                "max_reschedules": max_reschedules,
                "reminders_minutes": reminders_minutes,
                "booking_mode": booking_mode,
                "decide_within_hours": decide_within_hours,
                "limits": limits,
                "waitlist": waitlist,
                "offer_minutes": offer_minutes,
                "series_max": series_max,
                "fees": fees,
                "late_join": late_join,
                "certificate_percent": certificate_percent,
                "resources": resources,
                "location_ids": location_ids,
                "is_active": is_active,
                "inactive_reason": inactive_reason,
                "next_available": next_available,
                "created_at": created_at,
                "updated_at": updated_at,
                "price_now": price_now,
                "sessions_left": sessions_left,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.catalog_policy_view import CatalogPolicyView
        from ..models.fees_view import FeesView
        from ..models.money import Money
        from ..models.resource_need_view import ResourceNeedView
        from ..models.service_limits_view import ServiceLimitsView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        practitioner_id = UUID(d.pop("practitioner_id"))

        practitioner_name = d.pop("practitioner_name")

        service_type = ServiceType(d.pop("service_type"))

        title = d.pop("title")

        description = d.pop("description")

        category = d.pop("category")

        price = Money.from_dict(d.pop("price"))

        duration_minutes = d.pop("duration_minutes")

        max_participants = d.pop("max_participants")

        delivery = CatalogDelivery(d.pop("delivery"))

        buffer_before_minutes = d.pop("buffer_before_minutes")

        buffer_after_minutes = d.pop("buffer_after_minutes")

        min_notice_minutes = d.pop("min_notice_minutes")

        slot_interval_minutes = d.pop("slot_interval_minutes")

        horizon_days = d.pop("horizon_days")

        def _parse_cancel_policy(data: object) -> CatalogPolicyView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                cancel_policy_type_0 = CatalogPolicyView.from_dict(data)

                return cancel_policy_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CatalogPolicyView | None, data)

        cancel_policy = _parse_cancel_policy(d.pop("cancel_policy"))

        def _parse_reschedule_hours(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        reschedule_hours = _parse_reschedule_hours(d.pop("reschedule_hours"))

        def _parse_max_reschedules(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        max_reschedules = _parse_max_reschedules(d.pop("max_reschedules"))

        reminders_minutes = cast(list[int], d.pop("reminders_minutes"))

        booking_mode = BookingMode(d.pop("booking_mode"))

        decide_within_hours = d.pop("decide_within_hours")

        def _parse_limits(data: object) -> None | ServiceLimitsView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                limits_type_0 = ServiceLimitsView.from_dict(data)

                return limits_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ServiceLimitsView, data)

        limits = _parse_limits(d.pop("limits"))

        waitlist = d.pop("waitlist")

        offer_minutes = d.pop("offer_minutes")

        series_max = d.pop("series_max")

        fees = FeesView.from_dict(d.pop("fees"))

        late_join = d.pop("late_join")

        def _parse_certificate_percent(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        certificate_percent = _parse_certificate_percent(d.pop("certificate_percent"))

        resources = []
        _resources = d.pop("resources")
        for resources_item_data in _resources:
            resources_item = ResourceNeedView.from_dict(resources_item_data)

            resources.append(resources_item)

        location_ids = []
        _location_ids = d.pop("location_ids")
        for location_ids_item_data in _location_ids:
            location_ids_item = UUID(location_ids_item_data)

            location_ids.append(location_ids_item)

        is_active = d.pop("is_active")

        def _parse_inactive_reason(data: object) -> InactiveReason | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                inactive_reason_type_0 = InactiveReason(data)

                return inactive_reason_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(InactiveReason | None, data)

        inactive_reason = _parse_inactive_reason(d.pop("inactive_reason"))

        def _parse_next_available(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                next_available_type_0 = datetime.datetime.fromisoformat(data)

                return next_available_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        next_available = _parse_next_available(d.pop("next_available"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        def _parse_price_now(data: object) -> Money | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                price_now_type_0 = Money.from_dict(data)

                return price_now_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Money | None, data)

        price_now = _parse_price_now(d.pop("price_now"))

        sessions_left = d.pop("sessions_left")

        course_view = cls(
            id=id,
            practitioner_id=practitioner_id,
            practitioner_name=practitioner_name,
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
            inactive_reason=inactive_reason,
            next_available=next_available,
            created_at=created_at,
            updated_at=updated_at,
            price_now=price_now,
            sessions_left=sessions_left,
        )

        course_view.additional_properties = d
        return course_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
