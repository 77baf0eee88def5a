from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.erasure_status import ErasureStatus

if TYPE_CHECKING:
    from ..models.open_obligation import OpenObligation
    from ..models.service_proof import ServiceProof


T = TypeVar("T", bound="ErasureProof")


@_attrs_define
class ErasureProof:
    """An erasure with what every service did: who has not answered is what it waits for.

    Attributes:
        id (UUID):
        status (ErasureStatus): `waiting` can be cancelled; from `erasing` on it goes through.
        erases_at (datetime.datetime):
        obligations (list[OpenObligation]):
        user_id (UUID):
        created_at (datetime.datetime):
        begun_at (datetime.datetime | None):
        done_at (datetime.datetime | None):
        services (list[ServiceProof]):
    """

    id: UUID
    status: ErasureStatus
    erases_at: datetime.datetime
    obligations: list[OpenObligation]
    user_id: UUID
    created_at: datetime.datetime
    begun_at: datetime.datetime | None
    done_at: datetime.datetime | None
    services: list[ServiceProof]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        status = self.status.value

        erases_at = self.erases_at.isoformat()

        obligations = []
        for obligations_item_data in self.obligations:
            obligations_item = obligations_item_data.to_dict()
            obligations.append(obligations_item)

        user_id = str(self.user_id)

        created_at = self.created_at.isoformat()

        begun_at: None | str
        if isinstance(self.begun_at, datetime.datetime):
            begun_at = self.begun_at.isoformat()
        else:
            begun_at = self.begun_at

        done_at: None | str
        if isinstance(self.done_at, datetime.datetime):
            done_at = self.done_at.isoformat()
        else:
            done_at = self.done_at

        services = []
        for services_item_data in self.services:
            services_item = services_item_data.to_dict()
            services.append(services_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "status": status,
                "erases_at": erases_at,
                "obligations": obligations,
                "user_id": user_id,
                "created_at": created_at,
                "begun_at": begun_at,
                "done_at": done_at,
                "services": services,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.open_obligation import OpenObligation
        from ..models.service_proof import ServiceProof

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        status = ErasureStatus(d.pop("status"))

        erases_at = datetime.datetime.fromisoformat(d.pop("erases_at"))

        obligations = []
        _obligations = d.pop("obligations")
        for obligations_item_data in _obligations:
            obligations_item = OpenObligation.from_dict(obligations_item_data)

            obligations.append(obligations_item)

        user_id = UUID(d.pop("user_id"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_begun_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                begun_at_type_0 = datetime.datetime.fromisoformat(data)

                return begun_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        begun_at = _parse_begun_at(d.pop("begun_at"))

        def _parse_done_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                done_at_type_0 = datetime.datetime.fromisoformat(data)

                return done_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        done_at = _parse_done_at(d.pop("done_at"))

        services = []
        _services = d.pop("services")
        for services_item_data in _services:
            services_item = ServiceProof.from_dict(services_item_data)

            services.append(services_item)

        erasure_proof = cls(
            id=id,
            status=status,
            erases_at=erases_at,
            obligations=obligations,
            user_id=user_id,
            created_at=created_at,
            begun_at=begun_at,
            done_at=done_at,
            services=services,
        )

        erasure_proof.additional_properties = d
        return erasure_proof

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
