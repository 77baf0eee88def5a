from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="ErasureByStaff")


@_attrs_define
class ErasureByStaff:
    """Why staff erase a person, and whether at once; else it begins after the time that people have to change it.

    Attributes:
        reason (str):
        now (bool | Unset):  Default: False.
    """

    reason: str
    now: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        now = self.now

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if now is not UNSET:
            field_dict["now"] = now

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        reason = d.pop("reason")

        now = d.pop("now", UNSET)

        erasure_by_staff = cls(
            reason=reason,
            now=now,
        )

        return erasure_by_staff
