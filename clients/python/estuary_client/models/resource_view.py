from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.resource_kind import ResourceKind

T = TypeVar("T", bound="ResourceView")


@_attrs_define
class ResourceView:
    """A resource. Of `shared_with` those who are not its owner see themselves alone.

    Attributes:
        id (UUID):
        practitioner_id (UUID):
        name (str):
        kind (ResourceKind): What a resource is.
        quantity (int):
        location_id (None | UUID):
        shared_with (list[UUID]):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
    """

    id: UUID
    practitioner_id: UUID
    name: str
    kind: ResourceKind
    quantity: int
    location_id: None | UUID
    shared_with: list[UUID]
    created_at: datetime.datetime
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        practitioner_id = str(self.practitioner_id)

        name = self.name

        kind = self.kind.value

        quantity = self.quantity

        location_id: None | str
        if isinstance(self.location_id, UUID):
            location_id = str(self.location_id)
        else:
            location_id = self.location_id

        shared_with = []
        for shared_with_item_data in self.shared_with:
            shared_with_item = str(shared_with_item_data)
            shared_with.append(shared_with_item)

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "practitioner_id": practitioner_id,
                "name": name,
                "kind": kind,
                "quantity": quantity,
                "location_id": location_id,
                "shared_with": shared_with,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        practitioner_id = UUID(d.pop("practitioner_id"))

        name = d.pop("name")

        kind = ResourceKind(d.pop("kind"))

        quantity = d.pop("quantity")

        def _parse_location_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                location_id_type_0 = UUID(data)

                return location_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        location_id = _parse_location_id(d.pop("location_id"))

        shared_with = []
        _shared_with = d.pop("shared_with")
        for shared_with_item_data in _shared_with:
            shared_with_item = UUID(shared_with_item_data)

            shared_with.append(shared_with_item)

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        resource_view = cls(
            id=id,
            practitioner_id=practitioner_id,
            name=name,
            kind=kind,
            quantity=quantity,
            location_id=location_id,
            shared_with=shared_with,
            created_at=created_at,
            updated_at=updated_at,
        )

        resource_view.additional_properties = d
        return resource_view

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
