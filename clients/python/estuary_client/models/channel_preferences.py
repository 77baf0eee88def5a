from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="ChannelPreferences")


@_attrs_define
class ChannelPreferences:
    """Through which channels one topic may reach a person.

    Attributes:
        email (bool):
        in_app (bool):
    """

    email: bool
    in_app: bool

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        in_app = self.in_app

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "in_app": in_app,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        email = d.pop("email")

        in_app = d.pop("in_app")

        channel_preferences = cls(
            email=email,
            in_app=in_app,
        )

        return channel_preferences
