from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="Advance")


@_attrs_define
class Advance:
    """How far to move: an ISO 8601 duration, as PT26H.

    Attributes:
        advance (str):
    """

    advance: str

    def to_dict(self) -> dict[str, Any]:
        advance = self.advance

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "advance": advance,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        advance = d.pop("advance")

        advance = cls(
            advance=advance,
        )

        return advance
