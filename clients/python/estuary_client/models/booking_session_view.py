from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    Self,
    TypeVar,
    cast,
)
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="BookingSessionView")


@_attrs_define
class BookingSessionView:
    """A session that is still to come, with the seats that are left in it.

    Attributes:
        id (UUID):
        service_id (UUID):
        start_time (datetime.datetime):
        end_time (datetime.datetime):
        available_spots (int):
        status (Literal['scheduled'] | Unset):  Default: 'scheduled'.
    """

    id: UUID
    service_id: UUID
    start_time: datetime.datetime
    end_time: datetime.datetime
    available_spots: int
    status: Literal["scheduled"] | Unset = "scheduled"
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        service_id = str(self.service_id)

        start_time = self.start_time.isoformat()

        end_time = self.end_time.isoformat()

        available_spots = self.available_spots

        status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "service_id": service_id,
                "start_time": start_time,
                "end_time": end_time,
                "available_spots": available_spots,
            }
        )
        if status is not UNSET:
            field_dict["status"] = status

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        service_id = UUID(d.pop("service_id"))

        start_time = datetime.datetime.fromisoformat(d.pop("start_time"))

        end_time = datetime.datetime.fromisoformat(d.pop("end_time"))

        available_spots = d.pop("available_spots")

        status = cast(Literal["scheduled"] | Unset, d.pop("status", UNSET))
        if status != "scheduled" and not isinstance(status, Unset):
            raise ValueError(f"status must match const 'scheduled', got '{status}'")

        booking_session_view = cls(
            id=id,
            service_id=service_id,
            start_time=start_time,
            end_time=end_time,
            available_spots=available_spots,
            status=status,
        )

        booking_session_view.additional_properties = d
        return booking_session_view

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
