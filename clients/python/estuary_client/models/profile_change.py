from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ProfileChange")


@_attrs_define
class ProfileChange:
    """What is left out stays; null is refused, since a profile has all of it.

    Attributes:
        display_name (str | Unset):
        bio (str | Unset):
        specializations (list[str] | Unset):
        timezone (str | Unset):
    """

    display_name: str | Unset = UNSET
    bio: str | Unset = UNSET
    specializations: list[str] | Unset = UNSET
    timezone: str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        display_name = self.display_name

        bio = self.bio

        specializations: list[str] | Unset = UNSET
        if not isinstance(self.specializations, Unset):
            specializations = self.specializations

        timezone = self.timezone

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if display_name is not UNSET:
            field_dict["display_name"] = display_name
        if bio is not UNSET:
            field_dict["bio"] = bio
        if specializations is not UNSET:
            field_dict["specializations"] = specializations
        if timezone is not UNSET:
            field_dict["timezone"] = timezone

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        display_name = d.pop("display_name", UNSET)

        bio = d.pop("bio", UNSET)

        specializations = cast(list[str], d.pop("specializations", UNSET))

        timezone = d.pop("timezone", UNSET)

        profile_change = cls(
            display_name=display_name,
            bio=bio,
            specializations=specializations,
            timezone=timezone,
        )

        return profile_change
