from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.mark_body import MarkBody


T = TypeVar("T", bound="MarksBody")


@_attrs_define
class MarksBody:
    """Of several marks of one booking the last one stands.

    Attributes:
        marks (list[MarkBody]):
    """

    marks: list[MarkBody]

    def to_dict(self) -> dict[str, Any]:
        marks = []
        for marks_item_data in self.marks:
            marks_item = marks_item_data.to_dict()
            marks.append(marks_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "marks": marks,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.mark_body import MarkBody

        d = dict(src_dict)
        marks = []
        _marks = d.pop("marks")
        for marks_item_data in _marks:
            marks_item = MarkBody.from_dict(marks_item_data)

            marks.append(marks_item)

        marks_body = cls(
            marks=marks,
        )

        return marks_body
