from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ServiceLimits")


@_attrs_define
class ServiceLimits:
    """How many sessions of the service start on a day and in a week, in its schedule's zone, and how many seats one
    client has open at a time and in a week.

        Attributes:
            sessions_per_day (int | None | Unset):
            sessions_per_week (int | None | Unset):
            open_per_client (int | None | Unset):
            per_client_per_week (int | None | Unset):
    """

    sessions_per_day: int | None | Unset = UNSET
    sessions_per_week: int | None | Unset = UNSET
    open_per_client: int | None | Unset = UNSET
    per_client_per_week: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        sessions_per_day: int | None | Unset
        if isinstance(self.sessions_per_day, Unset):
            sessions_per_day = UNSET
        else:
            sessions_per_day = self.sessions_per_day

        sessions_per_week: int | None | Unset
        if isinstance(self.sessions_per_week, Unset):
            sessions_per_week = UNSET
        else:
            sessions_per_week = self.sessions_per_week

        open_per_client: int | None | Unset
        if isinstance(self.open_per_client, Unset):
            open_per_client = UNSET
        else:
            open_per_client = self.open_per_client

        per_client_per_week: int | None | Unset
        if isinstance(self.per_client_per_week, Unset):
            per_client_per_week = UNSET
        else:
            per_client_per_week = self.per_client_per_week

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if sessions_per_day is not UNSET:
            field_dict["sessions_per_day"] = sessions_per_day
        if sessions_per_week is not UNSET:
            field_dict["sessions_per_week"] = sessions_per_week
        if open_per_client is not UNSET:
            field_dict["open_per_client"] = open_per_client
        if per_client_per_week is not UNSET:
            field_dict["per_client_per_week"] = per_client_per_week

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_sessions_per_day(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        sessions_per_day = _parse_sessions_per_day(d.pop("sessions_per_day", UNSET))

        def _parse_sessions_per_week(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        sessions_per_week = _parse_sessions_per_week(d.pop("sessions_per_week", UNSET))

        def _parse_open_per_client(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        open_per_client = _parse_open_per_client(d.pop("open_per_client", UNSET))

        def _parse_per_client_per_week(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        per_client_per_week = _parse_per_client_per_week(
            d.pop("per_client_per_week", UNSET)
        )

        service_limits = cls(
            sessions_per_day=sessions_per_day,
            sessions_per_week=sessions_per_week,
            open_per_client=open_per_client,
            per_client_per_week=per_client_per_week,
        )

        return service_limits
