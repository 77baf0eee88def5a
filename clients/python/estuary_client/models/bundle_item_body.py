from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="BundleItemBody")


@_attrs_define
class BundleItemBody:
    """So many sessions, each of any of these services, or one course; or what is in a package, once.

    Attributes:
        service_ids (list[UUID] | None | Unset):
        package_id (None | Unset | UUID):
        quantity (int | Unset):  Default: 1.
    """

    service_ids: list[UUID] | None | Unset = UNSET
    package_id: None | Unset | UUID = UNSET
    quantity: int | Unset = 1

    def to_dict(self) -> dict[str, Any]:
        service_ids: list[str] | None | Unset
        if isinstance(self.service_ids, Unset):
            service_ids = UNSET
        elif isinstance(self.service_ids, list):
            service_ids = []
            for service_ids_type_0_item_data in self.service_ids:
                service_ids_type_0_item = str(service_ids_type_0_item_data)
                service_ids.append(service_ids_type_0_item)

        else:
            service_ids = self.service_ids

        package_id: None | str | Unset
        if isinstance(self.package_id, Unset):
            package_id = UNSET
        elif isinstance(self.package_id, UUID):
            package_id = str(self.package_id)
        else:
            package_id = self.package_id

        quantity = self.quantity

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if service_ids is not UNSET:
            field_dict["service_ids"] = service_ids
        if package_id is not UNSET:
            field_dict["package_id"] = package_id
        if quantity is not UNSET:
            field_dict["quantity"] = quantity

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_service_ids(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                service_ids_type_0 = []
                _service_ids_type_0 = data
                for service_ids_type_0_item_data in _service_ids_type_0:
                    service_ids_type_0_item = UUID(service_ids_type_0_item_data)

                    service_ids_type_0.append(service_ids_type_0_item)

                return service_ids_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        service_ids = _parse_service_ids(d.pop("service_ids", UNSET))

        def _parse_package_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                package_id_type_0 = UUID(data)

                return package_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        package_id = _parse_package_id(d.pop("package_id", UNSET))

        quantity = d.pop("quantity", UNSET)

        bundle_item_body = cls(
            service_ids=service_ids,
            package_id=package_id,
            quantity=quantity,
        )

        return bundle_item_body
