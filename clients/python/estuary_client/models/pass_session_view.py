from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.pass_session_status import PassSessionStatus

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="PassSessionView")


@_attrs_define
class PassSessionView:
    """One session of a pass; `value` is what of its price it is worth.

    Attributes:
        id (UUID):
        service_ids (list[UUID]):
        value (Money):
        status (PassSessionStatus): Where one session of a pass stands; what is used, lapsed or refunded stays so.
        booking_id (None | UUID):
    """

    id: UUID
    service_ids: list[UUID]
    value: Money
    status: PassSessionStatus
    booking_id: None | UUID
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        service_ids = []
        for service_ids_item_data in self.service_ids:
            service_ids_item = str(service_ids_item_data)
            service_ids.append(service_ids_item)

        value = self.value.to_dict()

        status = self.status.value

        booking_id: None | str
        if isinstance(self.booking_id, UUID):
            booking_id = str(self.booking_id)
        else:
            booking_id = self.booking_id

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "service_ids": service_ids,
                "value": value,
                "status": status,
                "booking_id": booking_id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        service_ids = []
        _service_ids = d.pop("service_ids")
        for service_ids_item_data in _service_ids:
            service_ids_item = UUID(service_ids_item_data)

            service_ids.append(service_ids_item)

        value = Money.from_dict(d.pop("value"))

        status = PassSessionStatus(d.pop("status"))

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

        pass_session_view = cls(
            id=id,
            service_ids=service_ids,
            value=value,
            status=status,
            booking_id=booking_id,
        )

        pass_session_view.additional_properties = d
        return pass_session_view

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
