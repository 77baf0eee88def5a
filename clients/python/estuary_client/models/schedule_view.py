from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.schedule_view_overrides_item import ScheduleViewOverridesItem
    from ..models.schedule_view_weekly_item import ScheduleViewWeeklyItem
    from ..models.schedule_view_zone_changes_item import ScheduleViewZoneChangesItem


T = TypeVar("T", bound="ScheduleView")


@_attrs_define
class ScheduleView:
    """The hours in force: the practitioner's, those of a service that has its own, or the named ones that it uses.

    Attributes:
        practitioner_id (UUID):
        service_id (None | UUID):
        schedule_id (None | UUID):
        timezone (str):
        weekly (list[ScheduleViewWeeklyItem]):
        overrides (list[ScheduleViewOverridesItem]):
        zone_changes (list[ScheduleViewZoneChangesItem]):
    """

    practitioner_id: UUID
    service_id: None | UUID
    schedule_id: None | UUID
    timezone: str
    weekly: list[ScheduleViewWeeklyItem]
    overrides: list[ScheduleViewOverridesItem]
    zone_changes: list[ScheduleViewZoneChangesItem]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
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
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.schedule_view_overrides_item import ScheduleViewOverridesItem
        from ..models.schedule_view_weekly_item import ScheduleViewWeeklyItem
        from ..models.schedule_view_zone_changes_item import ScheduleViewZoneChangesItem

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
            weekly_item = ScheduleViewWeeklyItem.from_dict(weekly_item_data)

            weekly.append(weekly_item)

        overrides = []
        _overrides = d.pop("overrides")
        for overrides_item_data in _overrides:
            overrides_item = ScheduleViewOverridesItem.from_dict(overrides_item_data)

            overrides.append(overrides_item)

        zone_changes = []
        _zone_changes = d.pop("zone_changes")
        for zone_changes_item_data in _zone_changes:
            zone_changes_item = ScheduleViewZoneChangesItem.from_dict(
                zone_changes_item_data
            )

            zone_changes.append(zone_changes_item)

        schedule_view = cls(
            practitioner_id=practitioner_id,
            service_id=service_id,
            schedule_id=schedule_id,
            timezone=timezone,
            weekly=weekly,
            overrides=overrides,
            zone_changes=zone_changes,
        )

        schedule_view.additional_properties = d
        return schedule_view

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
