from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.payment_view_status_type_0 import PaymentViewStatusType0
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.card_error import CardError


T = TypeVar("T", bound="PaymentView")


@_attrs_define
class PaymentView:
    """What a browser needs to pay; after `expires_at` the slot is free again.

    `status`, `error` and `next_action_url`: how the try with the saved card ended with which it was booked. They are
    in the answer to that call alone.

        Attributes:
            order_id (None | UUID):
            client_secret (None | str):
            publishable_key (None | str):
            expires_at (datetime.datetime):
            status (None | PaymentViewStatusType0 | Unset):
            error (CardError | None | Unset):
            next_action_url (None | str | Unset):
    """

    order_id: None | UUID
    client_secret: None | str
    publishable_key: None | str
    expires_at: datetime.datetime
    status: None | PaymentViewStatusType0 | Unset = UNSET
    error: CardError | None | Unset = UNSET
    next_action_url: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.card_error import CardError

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

        status: None | str | Unset
        if isinstance(self.status, Unset):
            status = UNSET
        elif isinstance(self.status, PaymentViewStatusType0):
            status = self.status.value
        else:
            status = self.status

        error: dict[str, Any] | None | Unset
        if isinstance(self.error, Unset):
            error = UNSET
        elif isinstance(self.error, CardError):
            error = self.error.to_dict()
        else:
            error = self.error

        next_action_url: None | str | Unset
        if isinstance(self.next_action_url, Unset):
            next_action_url = UNSET
        else:
            next_action_url = self.next_action_url

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
        if status is not UNSET:
            field_dict["status"] = status
        if error is not UNSET:
            field_dict["error"] = error
        if next_action_url is not UNSET:
            field_dict["next_action_url"] = next_action_url

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.card_error import CardError

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

        def _parse_status(data: object) -> None | PaymentViewStatusType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                status_type_0 = PaymentViewStatusType0(data)

                return status_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PaymentViewStatusType0 | Unset, data)

        status = _parse_status(d.pop("status", UNSET))

        def _parse_error(data: object) -> CardError | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                error_type_0 = CardError.from_dict(data)

                return error_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CardError | None | Unset, data)

        error = _parse_error(d.pop("error", UNSET))

        def _parse_next_action_url(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        next_action_url = _parse_next_action_url(d.pop("next_action_url", UNSET))

        payment_view = cls(
            order_id=order_id,
            client_secret=client_secret,
            publishable_key=publishable_key,
            expires_at=expires_at,
            status=status,
            error=error,
            next_action_url=next_action_url,
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
