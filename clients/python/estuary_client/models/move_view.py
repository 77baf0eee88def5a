from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.move_view_by import MoveViewBy

T = TypeVar("T", bound="MoveView")


@_attrs_define
class MoveView:
    """Who moved the booking last, what start the client last agreed to, and whether that is the present one.

    Attributes:
        by (MoveViewBy):
        agreed_start_time (datetime.datetime):
        accepted (bool):
    """

    by: MoveViewBy
    agreed_start_time: datetime.datetime
    accepted: bool
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        by = self.by.value

        agreed_start_time = self.agreed_start_time.isoformat()

        accepted = self.accepted

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "by": by,
                "agreed_start_time": agreed_start_time,
                "accepted": accepted,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        by = MoveViewBy(d.pop("by"))

        agreed_start_time = datetime.datetime.fromisoformat(d.pop("agreed_start_time"))

        accepted = d.pop("accepted")

        move_view = cls(
            by=by,
            agreed_start_time=agreed_start_time,
            accepted=accepted,
        )

        move_view.additional_properties = d
        return move_view

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
