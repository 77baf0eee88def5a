from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="ServiceLimitsView")


@_attrs_define
class ServiceLimitsView:
    """What is null has no limit.

    Attributes:
        sessions_per_day (int | None):
        sessions_per_week (int | None):
        open_per_client (int | None):
        per_client_per_week (int | None):
    """

    sessions_per_day: int | None
    sessions_per_week: int | None
    open_per_client: int | None
    per_client_per_week: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        sessions_per_day: int | None
        sessions_per_day = self.sessions_per_day

        sessions_per_week: int | None
        sessions_per_week = self.sessions_per_week

        open_per_client: int | None
        open_per_client = self.open_per_client

        per_client_per_week: int | None
        per_client_per_week = self.per_client_per_week

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "sessions_per_day": sessions_per_day,
                "sessions_per_week": sessions_per_week,
                "open_per_client": open_per_client,
                "per_client_per_week": per_client_per_week,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_sessions_per_day(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        sessions_per_day = _parse_sessions_per_day(d.pop("sessions_per_day"))

        def _parse_sessions_per_week(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        sessions_per_week = _parse_sessions_per_week(d.pop("sessions_per_week"))

        def _parse_open_per_client(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        open_per_client = _parse_open_per_client(d.pop("open_per_client"))

        def _parse_per_client_per_week(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        per_client_per_week = _parse_per_client_per_week(d.pop("per_client_per_week"))

        service_limits_view = cls(
            sessions_per_day=sessions_per_day,
            sessions_per_week=sessions_per_week,
            open_per_client=open_per_client,
            per_client_per_week=per_client_per_week,
        )

        service_limits_view.additional_properties = d
        return service_limits_view

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
