from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ParticipantView")


@_attrs_define
class ParticipantView:
    """A participant. `name`: a practitioner's display name; null while unknown, and for a deactivated account.

    Attributes:
        user_id (UUID):
        name (None | str):
        is_active (bool):
        read_up_to (None | UUID):
    """

    user_id: UUID
    name: None | str
    is_active: bool
    read_up_to: None | UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        user_id = str(self.user_id)

        name: None | str
        name = self.name

        is_active = self.is_active

        read_up_to: None | str
        if isinstance(self.read_up_to, UUID):
            read_up_to = str(self.read_up_to)
        else:
            read_up_to = self.read_up_to

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "user_id": user_id,
                "name": name,
                "is_active": is_active,
                "read_up_to": read_up_to,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        user_id = UUID(d.pop("user_id"))

        def _parse_name(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        name = _parse_name(d.pop("name"))

        is_active = d.pop("is_active")

        def _parse_read_up_to(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                read_up_to_type_0 = UUID(data)

                return read_up_to_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        read_up_to = _parse_read_up_to(d.pop("read_up_to"))

        participant_view = cls(
            user_id=user_id,
            name=name,
            is_active=is_active,
            read_up_to=read_up_to,
        )

        participant_view.additional_properties = d
        return participant_view

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
