from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.date_view_status import DateViewStatus

T = TypeVar("T", bound="DateView")


@_attrs_define
class DateView:
    """A session that was announced.

    Attributes:
        id (UUID):
        service_id (UUID):
        start_time (datetime.datetime):
        end_time (datetime.datetime):
        status (DateViewStatus):
        available_spots (int):
        location_id (None | UUID):
        series_id (None | UUID):
        position (int):
    """

    id: UUID
    service_id: UUID
    start_time: datetime.datetime
    end_time: datetime.datetime
    status: DateViewStatus
    available_spots: int
    location_id: None | UUID
    series_id: None | UUID
    position: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        service_id = str(self.service_id)

        start_time = self.start_time.isoformat()

        end_time = self.end_time.isoformat()

        status = self.status.value

        available_spots = self.available_spots

        location_id: None | str
        if isinstance(self.location_id, UUID):
            location_id = str(self.location_id)
        else:
            location_id = self.location_id

        series_id: None | str
        if isinstance(self.series_id, UUID):
            series_id = str(self.series_id)
        else:
            series_id = self.series_id

        position = self.position

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "service_id": service_id,
                "start_time": start_time,
                "end_time": end_time,
                "status": status,
                "available_spots": available_spots,
                "location_id": location_id,
                "series_id": series_id,
                "position": position,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        service_id = UUID(d.pop("service_id"))

        start_time = datetime.datetime.fromisoformat(d.pop("start_time"))

        end_time = datetime.datetime.fromisoformat(d.pop("end_time"))

        status = DateViewStatus(d.pop("status"))

        available_spots = d.pop("available_spots")

        def _parse_location_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                location_id_type_0 = UUID(data)

                return location_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        location_id = _parse_location_id(d.pop("location_id"))

        def _parse_series_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                series_id_type_0 = UUID(data)

                return series_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        series_id = _parse_series_id(d.pop("series_id"))

        position = d.pop("position")

        date_view = cls(
            id=id,
            service_id=service_id,
            start_time=start_time,
            end_time=end_time,
            status=status,
            available_spots=available_spots,
            location_id=location_id,
            series_id=series_id,
            position=position,
        )

        date_view.additional_properties = d
        return date_view

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
