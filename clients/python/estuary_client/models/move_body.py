from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="MoveBody")


@_attrs_define
class MoveBody:
    """When to move a booking to.

    Attributes:
        start_time (datetime.datetime):
    """

    start_time: datetime.datetime

    def to_dict(self) -> dict[str, Any]:
        start_time = self.start_time.isoformat()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "start_time": start_time,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        start_time = datetime.datetime.fromisoformat(d.pop("start_time"))

        move_body = cls(
            start_time=start_time,
        )

        return move_body
