from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="NewFollow")


@_attrs_define
class NewFollow:
    """On which tier to follow; only level 0 is available now.

    Attributes:
        tier_level (int):
    """

    tier_level: int

    def to_dict(self) -> dict[str, Any]:
        tier_level = self.tier_level

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "tier_level": tier_level,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        tier_level = d.pop("tier_level")

        new_follow = cls(
            tier_level=tier_level,
        )

        return new_follow
