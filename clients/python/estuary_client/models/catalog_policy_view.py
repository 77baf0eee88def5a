from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CatalogPolicyView")


@_attrs_define
class CatalogPolicyView:
    """What is null is the install's.

    Attributes:
        full_hours (int | None):
        part_hours (int | None):
        part_percent (int | None):
    """

    full_hours: int | None
    part_hours: int | None
    part_percent: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        full_hours: int | None
        full_hours = self.full_hours

        part_hours: int | None
        part_hours = self.part_hours

        part_percent: int | None
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

        def _parse_full_hours(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        full_hours = _parse_full_hours(d.pop("full_hours"))

        def _parse_part_hours(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        part_hours = _parse_part_hours(d.pop("part_hours"))

        def _parse_part_percent(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        part_percent = _parse_part_percent(d.pop("part_percent"))

        catalog_policy_view = cls(
            full_hours=full_hours,
            part_hours=part_hours,
            part_percent=part_percent,
        )

        catalog_policy_view.additional_properties = d
        return catalog_policy_view

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
