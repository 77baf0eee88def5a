from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="WindowBody")


@_attrs_define
class WindowBody:
    """Open from `start_time` to `end_time` on the wall clock; an end at or before the start is on the next day.

    `24:00` (or `00:00`) is midnight at the end of the day, from where a slot may run into a window that begins there.

        Attributes:
            start_time (str):
            end_time (str):
    """

    start_time: str
    end_time: str

    def to_dict(self) -> dict[str, Any]:
        start_time = self.start_time

        end_time = self.end_time

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "start_time": start_time,
                "end_time": end_time,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        start_time = d.pop("start_time")

        end_time = d.pop("end_time")

        window_body = cls(
            start_time=start_time,
            end_time=end_time,
        )

        return window_body
