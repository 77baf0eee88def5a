from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.named_schedule_view_overrides_item import (
        NamedScheduleViewOverridesItem,
    )
    from ..models.named_schedule_view_weekly_item import NamedScheduleViewWeeklyItem
    from ..models.named_schedule_view_zone_changes_item import (
        NamedScheduleViewZoneChangesItem,
    )


T = TypeVar("T", bound="NamedScheduleView")


@_attrs_define
class NamedScheduleView:
    """A named schedule with the services that use it.

    Attributes:
        id (UUID):
        practitioner_id (UUID):
        name (str):
        timezone (str):
        weekly (list[NamedScheduleViewWeeklyItem]):
        overrides (list[NamedScheduleViewOverridesItem]):
        zone_changes (list[NamedScheduleViewZoneChangesItem]):
        service_ids (list[UUID]):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
    """

    id: UUID
    practitioner_id: UUID
    name: str
    timezone: str
    weekly: list[NamedScheduleViewWeeklyItem]
    overrides: list[NamedScheduleViewOverridesItem]
    zone_changes: list[NamedScheduleViewZoneChangesItem]
    service_ids: list[UUID]
    created_at: datetime.datetime
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        practitioner_id = str(self.practitioner_id)

        name = self.name

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

        service_ids = []
        for service_ids_item_data in self.service_ids:
            service_ids_item = str(service_ids_item_data)
            service_ids.append(service_ids_item)

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "practitioner_id": practitioner_id,
                "name": name,
                "timezone": timezone,
                "weekly": weekly,
                "overrides": overrides,
                "zone_changes": zone_changes,
                "service_ids": service_ids,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.named_schedule_view_overrides_item import (
            NamedScheduleViewOverridesItem,
        )
        from ..models.named_schedule_view_weekly_item import NamedScheduleViewWeeklyItem
        from ..models.named_schedule_view_zone_changes_item import (
            NamedScheduleViewZoneChangesItem,
        )

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        practitioner_id = UUID(d.pop("practitioner_id"))

        name = d.pop("name")

        timezone = d.pop("timezone")

        weekly = []
        _weekly = d.pop("weekly")
        for weekly_item_data in _weekly:
            weekly_item = NamedScheduleViewWeeklyItem.from_dict(weekly_item_data)

            weekly.append(weekly_item)

        overrides = []
        _overrides = d.pop("overrides")
        for overrides_item_data in _overrides:
            overrides_item = NamedScheduleViewOverridesItem.from_dict(
                overrides_item_data
            )

            overrides.append(overrides_item)

        zone_changes = []
        _zone_changes = d.pop("zone_changes")
        for zone_changes_item_data in _zone_changes:
            zone_changes_item = NamedScheduleViewZoneChangesItem.from_dict(
                zone_changes_item_data
            )

            zone_changes.append(zone_changes_item)

        service_ids = []
        _service_ids = d.pop("service_ids")
        for service_ids_item_data in _service_ids:
            service_ids_item = UUID(service_ids_item_data)

            service_ids.append(service_ids_item)

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        named_schedule_view = cls(
            id=id,
            practitioner_id=practitioner_id,
            name=name,
            timezone=timezone,
            weekly=weekly,
            overrides=overrides,
            zone_changes=zone_changes,
            service_ids=service_ids,
            created_at=created_at,
            updated_at=updated_at,
        )

        named_schedule_view.additional_properties = d
        return named_schedule_view

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
