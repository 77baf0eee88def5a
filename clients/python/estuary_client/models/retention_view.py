from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="RetentionView")


@_attrs_define
class RetentionView:
    """How long a service keeps what is in these tables; without a last run nothing deletes it by age.

    Attributes:
        what (str):
        service (str):
        keeps (str):
        last_run_at (datetime.datetime | None):
        last_count (int | None):
    """

    what: str
    service: str
    keeps: str
    last_run_at: datetime.datetime | None
    last_count: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        service = self.service

        keeps = self.keeps

        last_run_at: None | str
        if isinstance(self.last_run_at, datetime.datetime):
            last_run_at = self.last_run_at.isoformat()
        else:
            last_run_at = self.last_run_at

        last_count: int | None
        last_count = self.last_count

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "what": what,
                "service": service,
                "keeps": keeps,
                "last_run_at": last_run_at,
                "last_count": last_count,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = d.pop("what")

        service = d.pop("service")

        keeps = d.pop("keeps")

        def _parse_last_run_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                last_run_at_type_0 = datetime.datetime.fromisoformat(data)

                return last_run_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        last_run_at = _parse_last_run_at(d.pop("last_run_at"))

        def _parse_last_count(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        last_count = _parse_last_count(d.pop("last_count"))

        retention_view = cls(
            what=what,
            service=service,
            keeps=keeps,
            last_run_at=last_run_at,
            last_count=last_count,
        )

        retention_view.additional_properties = d
        return retention_view

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
