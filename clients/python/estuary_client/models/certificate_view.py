from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="CertificateView")


@_attrs_define
class CertificateView:
    """That so many of the course's sessions were attended.

    Attributes:
        number (str):
        issued_at (datetime.datetime):
        title (str):
        attended (int):
        sessions (int):
    """

    number: str
    issued_at: datetime.datetime
    title: str
    attended: int
    sessions: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        number = self.number

        issued_at = self.issued_at.isoformat()

        title = self.title

        attended = self.attended

        sessions = self.sessions

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "number": number,
                "issued_at": issued_at,
                "title": title,
                "attended": attended,
                "sessions": sessions,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        number = d.pop("number")

        issued_at = datetime.datetime.fromisoformat(d.pop("issued_at"))

        title = d.pop("title")

        attended = d.pop("attended")

        sessions = d.pop("sessions")

        certificate_view = cls(
            number=number,
            issued_at=issued_at,
            title=title,
            attended=attended,
            sessions=sessions,
        )

        certificate_view.additional_properties = d
        return certificate_view

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
