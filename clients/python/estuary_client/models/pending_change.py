from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.interval import Interval

T = TypeVar("T", bound="PendingChange")


@_attrs_define
class PendingChange:
    """A change of plan that is not in force yet: it waits for the period's end (`at`), or for the bill in `payment`.

    Attributes:
        plan_id (UUID):
        interval (Interval): How often a plan is billed.
        at (datetime.datetime):
    """

    plan_id: UUID
    interval: Interval
    at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        plan_id = str(self.plan_id)

        interval = self.interval.value

        at = self.at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "plan_id": plan_id,
                "interval": interval,
                "at": at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        plan_id = UUID(d.pop("plan_id"))

        interval = Interval(d.pop("interval"))

        at = datetime.datetime.fromisoformat(d.pop("at"))

        pending_change = cls(
            plan_id=plan_id,
            interval=interval,
            at=at,
        )

        pending_change.additional_properties = d
        return pending_change

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
