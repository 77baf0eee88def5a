from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="PaymentView")


@_attrs_define
class PaymentView:
    """What a browser needs to pay; after `expires_at` the slot is free again.

    Attributes:
        order_id (None | UUID):
        client_secret (None | str):
        publishable_key (None | str):
        expires_at (datetime.datetime):
    """

    order_id: None | UUID
    client_secret: None | str
    publishable_key: None | str
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        order_id: None | str
        if isinstance(self.order_id, UUID):
            order_id = str(self.order_id)
        else:
            order_id = self.order_id

        client_secret: None | str
        client_secret = self.client_secret

        publishable_key: None | str
        publishable_key = self.publishable_key

        expires_at = self.expires_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "order_id": order_id,
                "client_secret": client_secret,
                "publishable_key": publishable_key,
                "expires_at": expires_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_order_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                order_id_type_0 = UUID(data)

                return order_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        order_id = _parse_order_id(d.pop("order_id"))

        def _parse_client_secret(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        client_secret = _parse_client_secret(d.pop("client_secret"))

        def _parse_publishable_key(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        publishable_key = _parse_publishable_key(d.pop("publishable_key"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        payment_view = cls(
            order_id=order_id,
            client_secret=client_secret,
            publishable_key=publishable_key,
            expires_at=expires_at,
        )

        payment_view.additional_properties = d
        return payment_view

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
