from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.repeat_on_conflict import RepeatOnConflict
from ..types import UNSET, Unset

T = TypeVar("T", bound="Repeat")


@_attrs_define
class Repeat:
    """A seat every so many weeks at the same local time, `count` in all. Where one is not to be had nothing is booked,
    or with `skip` that one is left out, as long as two remain. All are paid at once.

        Attributes:
            every_weeks (int):
            count (int):
            on_conflict (RepeatOnConflict | Unset):  Default: RepeatOnConflict.REFUSE.
    """

    every_weeks: int
    count: int
    on_conflict: RepeatOnConflict | Unset = RepeatOnConflict.REFUSE

    def to_dict(self) -> dict[str, Any]:
        every_weeks = self.every_weeks

        count = self.count

        on_conflict: str | Unset = UNSET
        if not isinstance(self.on_conflict, Unset):
            on_conflict = self.on_conflict.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "every_weeks": every_weeks,
                "count": count,
            }
        )
        if on_conflict is not UNSET:
            field_dict["on_conflict"] = on_conflict

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        every_weeks = d.pop("every_weeks")

        count = d.pop("count")

        _on_conflict = d.pop("on_conflict", UNSET)
        on_conflict: RepeatOnConflict | Unset
        if isinstance(_on_conflict, Unset):
            on_conflict = UNSET
        else:
            on_conflict = RepeatOnConflict(_on_conflict)

        repeat = cls(
            every_weeks=every_weeks,
            count=count,
            on_conflict=on_conflict,
        )

        return repeat
