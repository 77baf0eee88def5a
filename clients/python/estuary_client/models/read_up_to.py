from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="ReadUpTo")


@_attrs_define
class ReadUpTo:
    """The newest message that was read.

    Attributes:
        up_to (UUID):
    """

    up_to: UUID

    def to_dict(self) -> dict[str, Any]:
        up_to = str(self.up_to)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "up_to": up_to,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        up_to = UUID(d.pop("up_to"))

        read_up_to = cls(
            up_to=up_to,
        )

        return read_up_to
