from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="Application")


@_attrs_define
class Application:
    """A user's application to sell services.

    Attributes:
        display_name (str):
        bio (str):
        specializations (list[str]):
        timezone (str):
    """

    display_name: str
    bio: str
    specializations: list[str]
    timezone: str

    def to_dict(self) -> dict[str, Any]:
        display_name = self.display_name

        bio = self.bio

        specializations = self.specializations

        timezone = self.timezone

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "display_name": display_name,
                "bio": bio,
                "specializations": specializations,
                "timezone": timezone,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        display_name = d.pop("display_name")

        bio = d.pop("bio")

        specializations = cast(list[str], d.pop("specializations"))

        timezone = d.pop("timezone")

        application = cls(
            display_name=display_name,
            bio=bio,
            specializations=specializations,
            timezone=timezone,
        )

        return application
