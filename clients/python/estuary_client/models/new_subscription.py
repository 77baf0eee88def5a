from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.interval import Interval
from ..types import UNSET, Unset

T = TypeVar("T", bound="NewSubscription")


@_attrs_define
class NewSubscription:
    """Which plan, and how often it is billed. The first bill is charged at once to a saved card, if one is named.

    Attributes:
        plan_id (UUID):
        interval (Interval): How often a plan is billed.
        payment_method_id (None | Unset | UUID):
    """

    plan_id: UUID
    interval: Interval
    payment_method_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        plan_id = str(self.plan_id)

        interval = self.interval.value

        payment_method_id: None | str | Unset
        if isinstance(self.payment_method_id, Unset):
            payment_method_id = UNSET
        elif isinstance(self.payment_method_id, UUID):
            payment_method_id = str(self.payment_method_id)
        else:
            payment_method_id = self.payment_method_id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "plan_id": plan_id,
                "interval": interval,
            }
        )
        if payment_method_id is not UNSET:
            field_dict["payment_method_id"] = payment_method_id

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        plan_id = UUID(d.pop("plan_id"))

        interval = Interval(d.pop("interval"))

        def _parse_payment_method_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                payment_method_id_type_0 = UUID(data)

                return payment_method_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        payment_method_id = _parse_payment_method_id(d.pop("payment_method_id", UNSET))

        new_subscription = cls(
            plan_id=plan_id,
            interval=interval,
            payment_method_id=payment_method_id,
        )

        return new_subscription
