from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..models.mark import Mark

T = TypeVar("T", bound="MarkBody")


@_attrs_define
class MarkBody:
    """Whether the client of that booking came.

    Attributes:
        booking_id (UUID):
        attendance (Mark): What its practitioner said of a client at a session.
    """

    booking_id: UUID
    attendance: Mark

    def to_dict(self) -> dict[str, Any]:
        booking_id = str(self.booking_id)

        attendance = self.attendance.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "booking_id": booking_id,
                "attendance": attendance,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        booking_id = UUID(d.pop("booking_id"))

        attendance = Mark(d.pop("attendance"))

        mark_body = cls(
            booking_id=booking_id,
            attendance=attendance,
        )

        return mark_body
