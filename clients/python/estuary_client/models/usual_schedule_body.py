from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.limits_body import LimitsBody
    from ..models.override import Override
    from ..models.weekly_window import WeeklyWindow
    from ..models.zone_change_body import ZoneChangeBody


T = TypeVar("T", bound="UsualScheduleBody")


@_attrs_define
class UsualScheduleBody:
    """A practitioner's usual schedule, with limits over all services; it replaces the one before.

    Sessions at two locations are at least `travel_minutes` apart.

        Attributes:
            timezone (str):
            weekly (list[WeeklyWindow]):
            overrides (list[Override] | None | Unset):
            zone_changes (list[ZoneChangeBody] | None | Unset):
            limits (LimitsBody | None | Unset):
            travel_minutes (int | Unset):  Default: 0.
    """

    timezone: str
    weekly: list[WeeklyWindow]
    overrides: list[Override] | None | Unset = UNSET
    zone_changes: list[ZoneChangeBody] | None | Unset = UNSET
    limits: LimitsBody | None | Unset = UNSET
    travel_minutes: int | Unset = 0

    def to_dict(self) -> dict[str, Any]:
        from ..models.limits_body import LimitsBody

        timezone = self.timezone

        weekly = []
        for weekly_item_data in self.weekly:
            weekly_item = weekly_item_data.to_dict()
            weekly.append(weekly_item)

        overrides: list[dict[str, Any]] | None | Unset
        if isinstance(self.overrides, Unset):
            overrides = UNSET
        elif isinstance(self.overrides, list):
            overrides = []
            for overrides_type_0_item_data in self.overrides:
                overrides_type_0_item = overrides_type_0_item_data.to_dict()
                overrides.append(overrides_type_0_item)

        else:
            overrides = self.overrides

        zone_changes: list[dict[str, Any]] | None | Unset
        if isinstance(self.zone_changes, Unset):
            zone_changes = UNSET
        elif isinstance(self.zone_changes, list):
            zone_changes = []
            for zone_changes_type_0_item_data in self.zone_changes:
                zone_changes_type_0_item = zone_changes_type_0_item_data.to_dict()
                zone_changes.append(zone_changes_type_0_item)

        else:
            zone_changes = self.zone_changes

        limits: dict[str, Any] | None | Unset
        if isinstance(self.limits, Unset):
            limits = UNSET
        elif isinstance(self.limits, LimitsBody):
            limits = self.limits.to_dict()
        else:
            limits = self.limits

        travel_minutes = self.travel_minutes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "timezone": timezone,
                "weekly": weekly,
            }
        )
        if overrides is not UNSET:
            field_dict["overrides"] = overrides
        if zone_changes is not UNSET:
            field_dict["zone_changes"] = zone_changes
        if limits is not UNSET:
            field_dict["limits"] = limits
        if travel_minutes is not UNSET:
            field_dict["travel_minutes"] = travel_minutes

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.limits_body import LimitsBody
        from ..models.override import Override
        from ..models.weekly_window import WeeklyWindow
        from ..models.zone_change_body import ZoneChangeBody

        d = dict(src_dict)
        timezone = d.pop("timezone")

        weekly = []
        _weekly = d.pop("weekly")
        for weekly_item_data in _weekly:
            weekly_item = WeeklyWindow.from_dict(weekly_item_data)

            weekly.append(weekly_item)

        def _parse_overrides(data: object) -> list[Override] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                overrides_type_0 = []
                _overrides_type_0 = data
                for overrides_type_0_item_data in _overrides_type_0:
                    overrides_type_0_item = Override.from_dict(
                        overrides_type_0_item_data
                    )

                    overrides_type_0.append(overrides_type_0_item)

                return overrides_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[Override] | None | Unset, data)

        overrides = _parse_overrides(d.pop("overrides", UNSET))

        def _parse_zone_changes(data: object) -> list[ZoneChangeBody] | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                zone_changes_type_0 = []
                _zone_changes_type_0 = data
                for zone_changes_type_0_item_data in _zone_changes_type_0:
                    zone_changes_type_0_item = ZoneChangeBody.from_dict(
                        zone_changes_type_0_item_data
                    )

                    zone_changes_type_0.append(zone_changes_type_0_item)

                return zone_changes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[ZoneChangeBody] | None | Unset, data)

        zone_changes = _parse_zone_changes(d.pop("zone_changes", UNSET))

        def _parse_limits(data: object) -> LimitsBody | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                limits_type_0 = LimitsBody.from_dict(data)

                return limits_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LimitsBody | None | Unset, data)

        limits = _parse_limits(d.pop("limits", UNSET))

        travel_minutes = d.pop("travel_minutes", UNSET)

        usual_schedule_body = cls(
            timezone=timezone,
            weekly=weekly,
            overrides=overrides,
            zone_changes=zone_changes,
            limits=limits,
            travel_minutes=travel_minutes,
        )

        return usual_schedule_body
