from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.resource_kind import ResourceKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="ResourceBody")


@_attrs_define
class ResourceBody:
    """A whole resource; it replaces the one before. The services of `shared_with` may use it too.

    What has a `location_id` is not for sessions at another location.

        Attributes:
            name (str):
            kind (ResourceKind): What a resource is.
            quantity (int):
            location_id (None | Unset | UUID):
            shared_with (list[UUID] | None | Unset):
    """

    name: str
    kind: ResourceKind
    quantity: int
    location_id: None | Unset | UUID = UNSET
    shared_with: list[UUID] | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        kind = self.kind.value

        quantity = self.quantity

        location_id: None | str | Unset
        if isinstance(self.location_id, Unset):
            location_id = UNSET
        elif isinstance(self.location_id, UUID):
            location_id = str(self.location_id)
        else:
            location_id = self.location_id

        shared_with: list[str] | None | Unset
        if isinstance(self.shared_with, Unset):
            shared_with = UNSET
        elif isinstance(self.shared_with, list):
            shared_with = []
            for shared_with_type_0_item_data in self.shared_with:
                shared_with_type_0_item = str(shared_with_type_0_item_data)
                shared_with.append(shared_with_type_0_item)

        else:
            shared_with = self.shared_with

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "kind": kind,
                "quantity": quantity,
            }
        )
        if location_id is not UNSET:
            field_dict["location_id"] = location_id
        if shared_with is not UNSET:
            field_dict["shared_with"] = shared_with

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        name = d.pop("name")

        kind = ResourceKind(d.pop("kind"))

        quantity = d.pop("quantity")

        def _parse_location_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                location_id_type_0 = UUID(data)

                return location_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        location_id = _parse_location_id(d.pop("location_id", UNSET))

        def _parse_shared_with(data: object) -> list[UUID] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                shared_with_type_0 = []
                _shared_with_type_0 = data
                for shared_with_type_0_item_data in _shared_with_type_0:
                    shared_with_type_0_item = UUID(shared_with_type_0_item_data)

                    shared_with_type_0.append(shared_with_type_0_item)

                return shared_with_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[UUID] | None | Unset, data)

        shared_with = _parse_shared_with(d.pop("shared_with", UNSET))

        resource_body = cls(
            name=name,
            kind=kind,
            quantity=quantity,
            location_id=location_id,
            shared_with=shared_with,
        )

        return resource_body
