from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="WaitBody")


@_attrs_define
class WaitBody:
    """For which start to wait.

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

        wait_body = cls(
            start_time=start_time,
        )

        return wait_body
