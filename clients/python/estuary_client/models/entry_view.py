from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.entry_status import EntryStatus

if TYPE_CHECKING:
    from ..models.booking_client_view import BookingClientView


T = TypeVar("T", bound="EntryView")


@_attrs_define
class EntryView:
    """An entry. `position` is its place among those that wait, from 1, and null for any other.

    While it is `offered` a seat is held until `offer_expires_at`. `client` is shown to the practitioner alone.

        Attributes:
            id (UUID):
            service_id (UUID):
            start_time (datetime.datetime):
            position (int | None):
            status (EntryStatus): Where an entry stands.
            offer_expires_at (datetime.datetime | None):
            booking_id (None | UUID):
            client (BookingClientView | None):
    """

    id: UUID
    service_id: UUID
    start_time: datetime.datetime
    position: int | None
    status: EntryStatus
    offer_expires_at: datetime.datetime | None
    booking_id: None | UUID
    client: BookingClientView | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.booking_client_view import BookingClientView

        id = str(self.id)

        service_id = str(self.service_id)

        start_time = self.start_time.isoformat()

        position: int | None
        position = self.position

        status = self.status.value

        offer_expires_at: None | str
        if isinstance(self.offer_expires_at, datetime.datetime):
            offer_expires_at = self.offer_expires_at.isoformat()
        else:
            offer_expires_at = self.offer_expires_at

        booking_id: None | str
        if isinstance(self.booking_id, UUID):
            booking_id = str(self.booking_id)
        else:
            booking_id = self.booking_id

        client: dict[str, Any] | None
        if isinstance(self.client, BookingClientView):
            client = self.client.to_dict()
        else:
            client = self.client

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "service_id": service_id,
                "start_time": start_time,
                "position": position,
                "status": status,
                "offer_expires_at": offer_expires_at,
                "booking_id": booking_id,
                "client": client,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.booking_client_view import BookingClientView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        service_id = UUID(d.pop("service_id"))

        start_time = datetime.datetime.fromisoformat(d.pop("start_time"))

        def _parse_position(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        position = _parse_position(d.pop("position"))

        status = EntryStatus(d.pop("status"))

        def _parse_offer_expires_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                offer_expires_at_type_0 = datetime.datetime.fromisoformat(data)

                return offer_expires_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        offer_expires_at = _parse_offer_expires_at(d.pop("offer_expires_at"))

        def _parse_booking_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                booking_id_type_0 = UUID(data)

                return booking_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        booking_id = _parse_booking_id(d.pop("booking_id"))

        def _parse_client(data: object) -> BookingClientView | None:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                client_type_0 = BookingClientView.from_dict(data)

                return client_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(BookingClientView | None, data)

        client = _parse_client(d.pop("client"))

        entry_view = cls(
            id=id,
            service_id=service_id,
            start_time=start_time,
            position=position,
            status=status,
            offer_expires_at=offer_expires_at,
            booking_id=booking_id,
            client=client,
        )

        entry_view.additional_properties = d
        return entry_view

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
