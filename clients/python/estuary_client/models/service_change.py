from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.catalog_delivery import CatalogDelivery
from ..models.service_type import ServiceType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.cancel_policy import CancelPolicy
    from ..models.money import Money


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
    is_active: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.cancel_policy import CancelPolicy

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
        if is_active is not UNSET:
            field_dict["is_active"] = is_active

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.cancel_policy import CancelPolicy
        from ..models.money import Money

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
            is_active=is_active,
        )

        return service_change
