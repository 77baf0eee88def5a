from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ResourceNeed")


@_attrs_define
class ResourceNeed:
    """So many units of any of these resources; each session takes them for its time.

    Attributes:
        any_of (list[UUID]):
        quantity (int | Unset):  Default: 1.
    """

    any_of: list[UUID]
    quantity: int | Unset = 1

    def to_dict(self) -> dict[str, Any]:
        any_of = []
        for any_of_item_data in self.any_of:
            any_of_item = str(any_of_item_data)
            any_of.append(any_of_item)

        quantity = self.quantity

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "any_of": any_of,
            }
        )
        if quantity is not UNSET:
            field_dict["quantity"] = quantity

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        any_of = []
        _any_of = d.pop("any_of")
        for any_of_item_data in _any_of:
            any_of_item = UUID(any_of_item_data)

            any_of.append(any_of_item)

        quantity = d.pop("quantity", UNSET)

        resource_need = cls(
            any_of=any_of,
            quantity=quantity,
        )

        return resource_need
