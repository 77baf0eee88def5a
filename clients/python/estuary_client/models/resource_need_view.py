from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ResourceNeedView")


@_attrs_define
class ResourceNeedView:
    """What each session takes.

    Attributes:
        any_of (list[UUID]):
        quantity (int):
    """

    any_of: list[UUID]
    quantity: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        any_of = []
        for any_of_item_data in self.any_of:
            any_of_item = str(any_of_item_data)
            any_of.append(any_of_item)

        quantity = self.quantity

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "any_of": any_of,
                "quantity": quantity,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        any_of = []
        _any_of = d.pop("any_of")
        for any_of_item_data in _any_of:
            any_of_item = UUID(any_of_item_data)

            any_of.append(any_of_item)

        quantity = d.pop("quantity")

        resource_need_view = cls(
            any_of=any_of,
            quantity=quantity,
        )

        resource_need_view.additional_properties = d
        return resource_need_view

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
