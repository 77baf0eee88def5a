from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.window_body import WindowBody


T = TypeVar("T", bound="Override")


@_attrs_define
class Override:
    """A date that differs from the weekly pattern; without windows it is closed.

    Attributes:
        date (datetime.date):
        windows (list[WindowBody] | Unset):
    """

    date: datetime.date
    windows: list[WindowBody] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        date = self.date.isoformat()

        windows: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.windows, Unset):
            windows = []
            for windows_item_data in self.windows:
                windows_item = windows_item_data.to_dict()
                windows.append(windows_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "date": date,
            }
        )
        if windows is not UNSET:
            field_dict["windows"] = windows

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.window_body import WindowBody

        d = dict(src_dict)
        date = datetime.date.fromisoformat(d.pop("date"))

        _windows = d.pop("windows", UNSET)
        windows: list[WindowBody] | Unset = UNSET
        if _windows is not UNSET:
            windows = []
            for windows_item_data in _windows:
                windows_item = WindowBody.from_dict(windows_item_data)

                windows.append(windows_item)

        override = cls(
            date=date,
            windows=windows,
        )

        return override
