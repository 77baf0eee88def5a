from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.verification_view_status import VerificationViewStatus

T = TypeVar("T", bound="VerificationView")


@_attrs_define
class VerificationView:
    """Whether a service's log is as it was sealed; the numbers are those of the rows before `broken_at`.

    Attributes:
        service (str):
        rows (int):
        redacted (int):
        head (None | str):
        status (VerificationViewStatus):
        broken_at (int | None):
    """

    service: str
    rows: int
    redacted: int
    head: None | str
    status: VerificationViewStatus
    broken_at: int | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        service = self.service

        rows = self.rows

        redacted = self.redacted

        head: None | str
        head = self.head

        status = self.status.value

        broken_at: int | None
        broken_at = self.broken_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "service": service,
                "rows": rows,
                "redacted": redacted,
                "head": head,
                "status": status,
                "broken_at": broken_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        service = d.pop("service")

        rows = d.pop("rows")

        redacted = d.pop("redacted")

        def _parse_head(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        head = _parse_head(d.pop("head"))

        status = VerificationViewStatus(d.pop("status"))

        def _parse_broken_at(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        broken_at = _parse_broken_at(d.pop("broken_at"))

        verification_view = cls(
            service=service,
            rows=rows,
            redacted=redacted,
            head=head,
            status=status,
            broken_at=broken_at,
        )

        verification_view.additional_properties = d
        return verification_view

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
