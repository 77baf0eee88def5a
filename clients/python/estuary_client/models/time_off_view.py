from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="TimeOffView")


@_attrs_define
class TimeOffView:
    """Time off; `conflicts` are the bookings in it, which stay.

    Attributes:
        id (UUID):
        start_time (datetime.datetime):
        end_time (datetime.datetime):
        note (None | str):
        conflicts (list[UUID]):
        created_at (datetime.datetime):
    """

    id: UUID
    start_time: datetime.datetime
    end_time: datetime.datetime
    note: None | str
    conflicts: list[UUID]
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        start_time = self.start_time.isoformat()

        end_time = self.end_time.isoformat()

        note: None | str
        note = self.note

        conflicts = []
        for conflicts_item_data in self.conflicts:
            conflicts_item = str(conflicts_item_data)
            conflicts.append(conflicts_item)

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "start_time": start_time,
                "end_time": end_time,
                "note": note,
                "conflicts": conflicts,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        start_time = datetime.datetime.fromisoformat(d.pop("start_time"))

        end_time = datetime.datetime.fromisoformat(d.pop("end_time"))

        def _parse_note(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        note = _parse_note(d.pop("note"))

        conflicts = []
        _conflicts = d.pop("conflicts")
        for conflicts_item_data in _conflicts:
            conflicts_item = UUID(conflicts_item_data)

            conflicts.append(conflicts_item)

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        time_off_view = cls(
            id=id,
            start_time=start_time,
            end_time=end_time,
            note=note,
            conflicts=conflicts,
            created_at=created_at,
        )

        time_off_view.additional_properties = d
        return time_off_view

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
