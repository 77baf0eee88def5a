from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="NewImpersonation")


@_attrs_define
class NewImpersonation:
    """Why, and for how many minutes; `write`: to change things too, which superusers may.

    Attributes:
        reason (str):
        minutes (int | Unset):  Default: 15.
        write (bool | Unset):  Default: False.
    """

    reason: str
    minutes: int | Unset = 15
    write: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        minutes = self.minutes

        write = self.write

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
            }
        )
        if minutes is not UNSET:
            field_dict["minutes"] = minutes
        if write is not UNSET:
            field_dict["write"] = write

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        reason = d.pop("reason")

        minutes = d.pop("minutes", UNSET)

        write = d.pop("write", UNSET)

        new_impersonation = cls(
            reason=reason,
            minutes=minutes,
            write=write,
        )

        return new_impersonation
