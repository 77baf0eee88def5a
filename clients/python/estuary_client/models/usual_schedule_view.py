from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.limits_view import LimitsView
    from ..models.usual_schedule_view_overrides_item import (
        UsualScheduleViewOverridesItem,
    )
    from ..models.usual_schedule_view_weekly_item import UsualScheduleViewWeeklyItem
    from ..models.usual_schedule_view_zone_changes_item import (
        UsualScheduleViewZoneChangesItem,
    )


T = TypeVar("T", bound="UsualScheduleView")


@_attrs_define
class UsualScheduleView:
    """A practitioner's usual hours, with limits over all services.

    Attributes:
        practitioner_id (UUID):
        service_id (None | UUID):
        schedule_id (None | UUID):
        timezone (str):
        weekly (list[UsualScheduleViewWeeklyItem]):
        overrides (list[UsualScheduleViewOverridesItem]):
        zone_changes (list[UsualScheduleViewZoneChangesItem]):
        limits (LimitsView | None):
        travel_minutes (int):
    """

    practitioner_id: UUID
    service_id: None | UUID
    schedule_id: None | UUID
    timezone: str
    weekly: list[UsualScheduleViewWeeklyItem]
    overrides: list[UsualScheduleViewOverridesItem]
    zone_changes: list[UsualScheduleViewZoneChangesItem]
    limits: LimitsView | None
    travel_minutes: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.limits_view import LimitsView

        practitioner_id = str(self.practitioner_id)

        service_id: None | str
        if isinstance(self.service_id, UUID):
            service_id = str(self.service_id)
        else:
            service_id = self.service_id

        schedule_id: None | str
        if isinstance(self.schedule_id, UUID):
            schedule_id = str(self.schedule_id)
        else:
            schedule_id = self.schedule_id

        timezone = self.timezone

        weekly = []
        for weekly_item_data in self.weekly:
            weekly_item = weekly_item_data.to_dict()
            weekly.append(weekly_item)

        overrides = []
        for overrides_item_data in self.overrides:
            overrides_item = overrides_item_data.to_dict()
            overrides.append(overrides_item)

        zone_changes = []
        for zone_changes_item_data in self.zone_changes:
            zone_changes_item = zone_changes_item_data.to_dict()
            zone_changes.append(zone_changes_item)

        limits: dict[str, Any] | None
        if isinstance(self.limits, LimitsView):
            limits = self.limits.to_dict()
        else:
            limits = self.limits

        travel_minutes = self.travel_minutes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "practitioner_id": practitioner_id,
                "service_id": service_id,
                "schedule_id": schedule_id,
                "timezone": timezone,
                "weekly": weekly,
                "overrides": overrides,
                "zone_changes": zone_changes,
                "limits": limits,
                "travel_minutes": travel_minutes,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.limits_view import LimitsView
        from ..models.usual_schedule_view_overrides_item import (
            UsualScheduleViewOverridesItem,
        )
        from ..models.usual_schedule_view_weekly_item import UsualScheduleViewWeeklyItem
        from ..models.usual_schedule_view_zone_changes_item import (
            UsualScheduleViewZoneChangesItem,
        )

        d = dict(src_dict)
        practitioner_id = UUID(d.pop("practitioner_id"))

        def _parse_service_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                service_id_type_0 = UUID(data)

                return service_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        service_id = _parse_service_id(d.pop("service_id"))

        def _parse_schedule_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                schedule_id_type_0 = UUID(data)

                return schedule_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        schedule_id = _parse_schedule_id(d.pop("schedule_id"))

        timezone = d.pop("timezone")

        weekly = []
        _weekly = d.pop("weekly")
        for weekly_item_data in _weekly:
            weekly_item = UsualScheduleViewWeeklyItem.from_dict(weekly_item_data)

            weekly.append(weekly_item)

        overrides = []
        _overrides = d.pop("overrides")
        for overrides_item_data in _overrides:
            overrides_item = UsualScheduleViewOverridesItem.from_dict(
                overrides_item_data
            )

            overrides.append(overrides_item)

        zone_changes = []
        _zone_changes = d.pop("zone_changes")
        for zone_changes_item_data in _zone_changes:
            zone_changes_item = UsualScheduleViewZoneChangesItem.from_dict(
                zone_changes_item_data
            )

            zone_changes.append(zone_changes_item)

        def _parse_limits(data: object) -> LimitsView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                limits_type_0 = LimitsView.from_dict(data)

                return limits_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(LimitsView | None, data)

        limits = _parse_limits(d.pop("limits"))

        travel_minutes = d.pop("travel_minutes")

        usual_schedule_view = cls(
            practitioner_id=practitioner_id,
            service_id=service_id,
            schedule_id=schedule_id,
            timezone=timezone,
            weekly=weekly,
            overrides=overrides,
            zone_changes=zone_changes,
            limits=limits,
            travel_minutes=travel_minutes,
        )

        usual_schedule_view.additional_properties = d
        return usual_schedule_view

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
