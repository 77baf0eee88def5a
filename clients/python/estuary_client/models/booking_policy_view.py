from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="BookingPolicyView")


@_attrs_define
class BookingPolicyView:
    """All of the price goes back until `full_hours` before the start, `part_percent` of it until `part_hours`.

    Attributes:
        full_hours (int):
        part_hours (int):
        part_percent (int):
    """

    full_hours: int
    part_hours: int
    part_percent: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        full_hours = self.full_hours

        part_hours = self.part_hours

        part_percent = self.part_percent

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "full_hours": full_hours,
                "part_hours": part_hours,
                "part_percent": part_percent,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        full_hours = d.pop("full_hours")

        part_hours = d.pop("part_hours")

        part_percent = d.pop("part_percent")

        booking_policy_view = cls(
            full_hours=full_hours,
            part_hours=part_hours,
            part_percent=part_percent,
        )

        booking_policy_view.additional_properties = d
        return booking_policy_view

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
