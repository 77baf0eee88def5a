from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.override import Override
    from ..models.weekly_window import WeeklyWindow


T = TypeVar("T", bound="ScheduleBody")


@_attrs_define
class ScheduleBody:
    """A whole schedule; it replaces the one before.

    Attributes:
        timezone (str):
        weekly (list[WeeklyWindow]):
        overrides (list[Override] | Unset):
    """

    timezone: str
    weekly: list[WeeklyWindow]
    overrides: list[Override] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        timezone = self.timezone

        weekly = []
        for weekly_item_data in self.weekly:
            weekly_item = weekly_item_data.to_dict()
            weekly.append(weekly_item)

        overrides: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.overrides, Unset):
            overrides = []
            for overrides_item_data in self.overrides:
                overrides_item = overrides_item_data.to_dict()
                overrides.append(overrides_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "timezone": timezone,
                "weekly": weekly,
            }
        )
        if overrides is not UNSET:
            field_dict["overrides"] = overrides

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.override import Override
        from ..models.weekly_window import WeeklyWindow

        d = dict(src_dict)
        timezone = d.pop("timezone")

        weekly = []
        _weekly = d.pop("weekly")
        for weekly_item_data in _weekly:
            weekly_item = WeeklyWindow.from_dict(weekly_item_data)

            weekly.append(weekly_item)

        _overrides = d.pop("overrides", UNSET)
        overrides: list[Override] | Unset = UNSET
        if _overrides is not UNSET:
            overrides = []
            for overrides_item_data in _overrides:
                overrides_item = Override.from_dict(overrides_item_data)

                overrides.append(overrides_item)

        schedule_body = cls(
            timezone=timezone,
            weekly=weekly,
            overrides=overrides,
        )

        return schedule_body
