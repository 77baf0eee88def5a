from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="NewHandOff")


@_attrs_define
class NewHandOff:
    """The client whose page is to be opened.

    Attributes:
        client_id (UUID):
    """

    client_id: UUID

    def to_dict(self) -> dict[str, Any]:
        client_id = str(self.client_id)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "client_id": client_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        client_id = UUID(d.pop("client_id"))

        new_hand_off = cls(
            client_id=client_id,
        )

        return new_hand_off
