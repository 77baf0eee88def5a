from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.erasure_status import ErasureStatus

if TYPE_CHECKING:
    from ..models.open_obligation import OpenObligation


T = TypeVar("T", bound="ErasureView")


@_attrs_define
class ErasureView:
    """An erasure. It begins at `erases_at`, once nothing is open any more; `obligations` are those of the last look.

    Attributes:
        id (UUID):
        status (ErasureStatus): `waiting` can be cancelled; from `erasing` on it goes through.
        erases_at (datetime.datetime):
        obligations (list[OpenObligation]):
    """

    id: UUID
    status: ErasureStatus
    erases_at: datetime.datetime
    obligations: list[OpenObligation]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        status = self.status.value

        erases_at = self.erases_at.isoformat()

        obligations = []
        for obligations_item_data in self.obligations:
            obligations_item = obligations_item_data.to_dict()
            obligations.append(obligations_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "status": status,
                "erases_at": erases_at,
                "obligations": obligations,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.open_obligation import OpenObligation

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        status = ErasureStatus(d.pop("status"))

        erases_at = datetime.datetime.fromisoformat(d.pop("erases_at"))

        obligations = []
        _obligations = d.pop("obligations")
        for obligations_item_data in _obligations:
            obligations_item = OpenObligation.from_dict(obligations_item_data)

            obligations.append(obligations_item)

        erasure_view = cls(
            id=id,
            status=status,
            erases_at=erases_at,
            obligations=obligations,
        )

        erasure_view.additional_properties = d
        return erasure_view

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
