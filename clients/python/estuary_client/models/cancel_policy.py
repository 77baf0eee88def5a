from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="CancelPolicy")


@_attrs_define
class CancelPolicy:
    """All of the price goes back until `full_hours` before the start, `part_percent` of it until `part_hours`.

    What is left out is the install's.

        Attributes:
            full_hours (int | None | Unset):
            part_hours (int | None | Unset):
            part_percent (int | None | Unset):
    """

    full_hours: int | None | Unset = UNSET
    part_hours: int | None | Unset = UNSET
    part_percent: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        full_hours: int | None | Unset
        if isinstance(self.full_hours, Unset):
            full_hours = UNSET
        else:
            full_hours = self.full_hours

        part_hours: int | None | Unset
        if isinstance(self.part_hours, Unset):
            part_hours = UNSET
        else:
            part_hours = self.part_hours

        part_percent: int | None | Unset
        if isinstance(self.part_percent, Unset):
            part_percent = UNSET
        else:
            part_percent = self.part_percent

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if full_hours is not UNSET:
            field_dict["full_hours"] = full_hours
        if part_hours is not UNSET:
            field_dict["part_hours"] = part_hours
        if part_percent is not UNSET:
            field_dict["part_percent"] = part_percent

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_full_hours(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        full_hours = _parse_full_hours(d.pop("full_hours", UNSET))

        def _parse_part_hours(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        part_hours = _parse_part_hours(d.pop("part_hours", UNSET))

        def _parse_part_percent(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        part_percent = _parse_part_percent(d.pop("part_percent", UNSET))

        cancel_policy = cls(
            full_hours=full_hours,
            part_hours=part_hours,
            part_percent=part_percent,
        )

        return cancel_policy
