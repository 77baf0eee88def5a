from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="NewVote")


@_attrs_define
class NewVote:
    """The option to vote for.

    Attributes:
        option_id (UUID):
    """

    option_id: UUID

    def to_dict(self) -> dict[str, Any]:
        option_id = str(self.option_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "option_id": option_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        option_id = UUID(d.pop("option_id"))

        new_vote = cls(
            option_id=option_id,
        )

        return new_vote
