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


T = TypeVar("T", bound="NewService")


@_attrs_define
class NewService:
    """A service to create. Without `slot_interval_minutes`, slots follow each other by the duration.

    Without `cancel_policy` and `reschedule_hours` bookings have the install's; `max_reschedules` counts the client's
    own moves of one booking. Both sides are reminded `reminders_minutes` before the start.

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

    def to_dict(self) -> dict[str, Any]:
        from ..models.cancel_policy import CancelPolicy

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

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.cancel_policy import CancelPolicy
        from ..models.money import Money

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
        )

        return new_service
