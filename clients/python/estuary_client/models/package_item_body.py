from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="PackageItemBody")


@_attrs_define
class PackageItemBody:
    """So many sessions, each of any of these services; the dearest sets the price.

    Attributes:
        service_ids (list[UUID]):
        quantity (int | Unset):  Default: 1.
    """

    service_ids: list[UUID]
    quantity: int | Unset = 1

    def to_dict(self) -> dict[str, Any]:
        service_ids = []
        for service_ids_item_data in self.service_ids:
            service_ids_item = str(service_ids_item_data)
            service_ids.append(service_ids_item)

        quantity = self.quantity

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "service_ids": service_ids,
            }
        )
        if quantity is not UNSET:
            field_dict["quantity"] = quantity

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        service_ids = []
        _service_ids = d.pop("service_ids")
        for service_ids_item_data in _service_ids:
            service_ids_item = UUID(service_ids_item_data)

            service_ids.append(service_ids_item)

        quantity = d.pop("quantity", UNSET)

        package_item_body = cls(
            service_ids=service_ids,
            quantity=quantity,
        )

        return package_item_body
