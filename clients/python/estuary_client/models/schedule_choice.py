from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="ScheduleChoice")


@_attrs_define
class ScheduleChoice:
    """A named schedule of one's own, which the service uses from now on.

    Attributes:
        schedule_id (UUID):
    """

    schedule_id: UUID

    def to_dict(self) -> dict[str, Any]:
        schedule_id = str(self.schedule_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "schedule_id": schedule_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        schedule_id = UUID(d.pop("schedule_id"))

        schedule_choice = cls(
            schedule_id=schedule_id,
        )

        return schedule_choice
