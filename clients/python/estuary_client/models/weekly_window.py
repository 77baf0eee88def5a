from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="WeeklyWindow")


@_attrs_define
class WeeklyWindow:
    """A window of every week; Monday is 0.

    Attributes:
        start_time (str):
        end_time (str):
        day_of_week (int):
    """

    start_time: str
    end_time: str
    day_of_week: int

    def to_dict(self) -> dict[str, Any]:
        start_time = self.start_time

        end_time = self.end_time

        day_of_week = self.day_of_week

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "start_time": start_time,
                "end_time": end_time,
                "day_of_week": day_of_week,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        start_time = d.pop("start_time")

        end_time = d.pop("end_time")

        day_of_week = d.pop("day_of_week")

        weekly_window = cls(
            start_time=start_time,
            end_time=end_time,
            day_of_week=day_of_week,
        )

        return weekly_window
