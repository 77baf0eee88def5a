from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="InviteBody")


@_attrs_define
class InviteBody:
    """Whom to hold a seat for, and for how long: at most until the start.

    Attributes:
        client_id (UUID):
        start_time (datetime.datetime):
        valid_hours (int | Unset):  Default: 24.
    """

    client_id: UUID
    start_time: datetime.datetime
    valid_hours: int | Unset = 24

    def to_dict(self) -> dict[str, Any]:
        client_id = str(self.client_id)

        start_time = self.start_time.isoformat()

        valid_hours = self.valid_hours

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "client_id": client_id,
                "start_time": start_time,
            }
        )
        if valid_hours is not UNSET:
            field_dict["valid_hours"] = valid_hours

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        client_id = UUID(d.pop("client_id"))

        start_time = datetime.datetime.fromisoformat(d.pop("start_time"))

        valid_hours = d.pop("valid_hours", UNSET)

        invite_body = cls(
            client_id=client_id,
            start_time=start_time,
            valid_hours=valid_hours,
        )

        return invite_body
