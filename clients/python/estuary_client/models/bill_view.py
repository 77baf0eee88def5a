from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.bill_view_status import BillViewStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.card_error import CardError
    from ..models.money import Money


T = TypeVar("T", bound="BillView")


@_attrs_define
class BillView:
    """A bill that is to be paid with /payments/confirm/ or Stripe.js. `status`: what a try to pay led to, or
    `requires_payment_method`; `error`: why the last try was refused; `next_action_url`: where the client's bank waits
    for them.

        Attributes:
            order_id (UUID):
            client_secret (None | str):
            publishable_key (str):
            amount_due (Money):
            status (BillViewStatus):
            expires_at (datetime.datetime):
            error (CardError | None | Unset):
            next_action_url (None | str | Unset):
    """

    order_id: UUID
    client_secret: None | str
    publishable_key: str
    amount_due: Money
    status: BillViewStatus
    expires_at: datetime.datetime
    error: CardError | None | Unset = UNSET
    next_action_url: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.card_error import CardError

        order_id = str(self.order_id)

        client_secret: None | str
        client_secret = self.client_secret

        publishable_key = self.publishable_key

        amount_due = self.amount_due.to_dict()

        status = self.status.value

        expires_at = self.expires_at.isoformat()

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
                "amount_due": amount_due,
                "status": status,
                "expires_at": expires_at,
            }
        )
        if error is not UNSET:
            field_dict["error"] = error
        if next_action_url is not UNSET:
            field_dict["next_action_url"] = next_action_url

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.card_error import CardError
        from ..models.money import Money

        d = dict(src_dict)
        order_id = UUID(d.pop("order_id"))

        def _parse_client_secret(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        client_secret = _parse_client_secret(d.pop("client_secret"))

        publishable_key = d.pop("publishable_key")

        amount_due = Money.from_dict(d.pop("amount_due"))

        status = BillViewStatus(d.pop("status"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

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

        bill_view = cls(
            order_id=order_id,
            client_secret=client_secret,
            publishable_key=publishable_key,
            amount_due=amount_due,
            status=status,
            expires_at=expires_at,
            error=error,
            next_action_url=next_action_url,
        )

        bill_view.additional_properties = d
        return bill_view

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
