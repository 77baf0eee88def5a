from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ZoneChangeBody")


@_attrs_define
class ZoneChangeBody:
    """On the dates from `from` to `to` (exclusive) the hours are read in that zone.

    Attributes:
        from_ (datetime.date):
        to (datetime.date):
        timezone (str):
    """

    from_: datetime.date
    to: datetime.date
    timezone: str

    def to_dict(self) -> dict[str, Any]:
        from_ = self.from_.isoformat()

        to = self.to.isoformat()

        timezone = self.timezone

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "from": from_,
                "to": to,
                "timezone": timezone,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        from_ = datetime.date.fromisoformat(d.pop("from"))

        to = datetime.date.fromisoformat(d.pop("to"))

        timezone = d.pop("timezone")

        zone_change_body = cls(
            from_=from_,
            to=to,
            timezone=timezone,
        )

        return zone_change_body
