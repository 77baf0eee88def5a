from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="SteppedUp")


@_attrs_define
class SteppedUp:
    """A token that counts as proven of late until `fresh_until`; `expires_in` is its life in seconds.

    Attributes:
        access_token (str):
        expires_in (int):
        fresh_until (datetime.datetime):
    """

    access_token: str
    expires_in: int
    fresh_until: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        access_token = self.access_token

        expires_in = self.expires_in

        fresh_until = self.fresh_until.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "access_token": access_token,
                "expires_in": expires_in,
                "fresh_until": fresh_until,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        access_token = d.pop("access_token")

        expires_in = d.pop("expires_in")

        fresh_until = datetime.datetime.fromisoformat(d.pop("fresh_until"))

        stepped_up = cls(
            access_token=access_token,
            expires_in=expires_in,
            fresh_until=fresh_until,
        )

        stepped_up.additional_properties = d
        return stepped_up

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
