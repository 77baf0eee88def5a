from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.order_status import OrderStatus

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="PurchaseOrder")


@_attrs_define
class PurchaseOrder:
    """The order to pay with /payments/confirm/ or Stripe.js.

    Attributes:
        order_id (UUID):
        client_secret (None | str):
        publishable_key (str):
        amount_due (Money):
        status (OrderStatus): `authorized`: a card is, for an order that is captured by hand.

            `paid_late`: the card's money came after the order was cancelled, the credits had gone back (rule 5). Refunds
            are
            amounts beside the order; a refunded order stays `paid`.
        expires_at (datetime.datetime):
    """

    order_id: UUID
    client_secret: None | str
    publishable_key: str
    amount_due: Money
    status: OrderStatus
    expires_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        order_id = str(self.order_id)

        client_secret: None | str
        client_secret = self.client_secret

        publishable_key = self.publishable_key

        amount_due = self.amount_due.to_dict()

        status = self.status.value

        expires_at = self.expires_at.isoformat()

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

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
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

        status = OrderStatus(d.pop("status"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        purchase_order = cls(
            order_id=order_id,
            client_secret=client_secret,
            publishable_key=publishable_key,
            amount_due=amount_due,
            status=status,
            expires_at=expires_at,
        )

        purchase_order.additional_properties = d
        return purchase_order

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
