from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ErasureWish")


@_attrs_define
class ErasureWish:
    """`forfeit_credits`: what is left of bought credits is given up.

    Attributes:
        forfeit_credits (bool | Unset):  Default: False.
    """

    forfeit_credits: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        forfeit_credits = self.forfeit_credits

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if forfeit_credits is not UNSET:
            field_dict["forfeit_credits"] = forfeit_credits

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        forfeit_credits = d.pop("forfeit_credits", UNSET)

        erasure_wish = cls(
            forfeit_credits=forfeit_credits,
        )

        return erasure_wish
