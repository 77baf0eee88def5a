from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.order_status import OrderStatus
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.card_payment import CardPayment
    from ..models.money import Money


T = TypeVar("T", bound="PayableOrder")


@_attrs_define
class PayableOrder:
    """An order for who lets it be paid. `client_secret` is there while a card can pay it.

    Attributes:
        status (OrderStatus): `authorized`: a card is, for an order that is captured by hand.

            `paid_late`: the card's money came after the order was cancelled, the credits had gone back (rule 5). Refunds
            are
            amounts beside the order; a refunded order stays `paid`.
        order_id (UUID):
        total (Money):
        credits_applied (Money):
        amount_due (Money):
        client_secret (None | str):
        publishable_key (str):
        expires_at (datetime.datetime):
        paid_at (datetime.datetime | None | Unset):
        capture_before (datetime.datetime | None | Unset):
        payment (CardPayment | None | Unset):
    """

    status: OrderStatus
    order_id: UUID
    total: Money
    credits_applied: Money
    amount_due: Money
    client_secret: None | str
    publishable_key: str
    expires_at: datetime.datetime
    paid_at: datetime.datetime | None | Unset = UNSET
    capture_before: datetime.datetime | None | Unset = UNSET
    payment: CardPayment | None | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.card_payment import CardPayment

        status = self.status.value

        order_id = str(self.order_id)

        total = self.total.to_dict()

        credits_applied = self.credits_applied.to_dict()

        amount_due = self.amount_due.to_dict()

        client_secret: None | str
        client_secret = self.client_secret

        publishable_key = self.publishable_key

        expires_at = self.expires_at.isoformat()

        paid_at: None | str | Unset
        if isinstance(self.paid_at, Unset):
            paid_at = UNSET
        elif isinstance(self.paid_at, datetime.datetime):
            paid_at = self.paid_at.isoformat()
        else:
            paid_at = self.paid_at

        capture_before: None | str | Unset
        if isinstance(self.capture_before, Unset):
            capture_before = UNSET
        elif isinstance(self.capture_before, datetime.datetime):
            capture_before = self.capture_before.isoformat()
        else:
            capture_before = self.capture_before

        payment: dict[str, Any] | None | Unset
        if isinstance(self.payment, Unset):
            payment = UNSET
        elif isinstance(self.payment, CardPayment):
            payment = self.payment.to_dict()
        else:
            payment = self.payment

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "status": status,
                "order_id": order_id,
                "total": total,
                "credits_applied": credits_applied,
                "amount_due": amount_due,
                "client_secret": client_secret,
                "publishable_key": publishable_key,
                "expires_at": expires_at,
            }
        )
        if paid_at is not UNSET:
            field_dict["paid_at"] = paid_at
        if capture_before is not UNSET:
            field_dict["capture_before"] = capture_before
        if payment is not UNSET:
            field_dict["payment"] = payment

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.card_payment import CardPayment
        from ..models.money import Money

        d = dict(src_dict)
        status = OrderStatus(d.pop("status"))

        order_id = UUID(d.pop("order_id"))

        total = Money.from_dict(d.pop("total"))

        credits_applied = Money.from_dict(d.pop("credits_applied"))

        amount_due = Money.from_dict(d.pop("amount_due"))

        def _parse_client_secret(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        client_secret = _parse_client_secret(d.pop("client_secret"))

        publishable_key = d.pop("publishable_key")

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        def _parse_paid_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paid_at_type_0 = datetime.datetime.fromisoformat(data)

                return paid_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        paid_at = _parse_paid_at(d.pop("paid_at", UNSET))

        def _parse_capture_before(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                capture_before_type_0 = datetime.datetime.fromisoformat(data)

                return capture_before_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        capture_before = _parse_capture_before(d.pop("capture_before", UNSET))

        def _parse_payment(data: object) -> CardPayment | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                payment_type_0 = CardPayment.from_dict(data)

                return payment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CardPayment | None | Unset, data)

        payment = _parse_payment(d.pop("payment", UNSET))

        payable_order = cls(
            status=status,
            order_id=order_id,
            total=total,
            credits_applied=credits_applied,
            amount_due=amount_due,
            client_secret=client_secret,
            publishable_key=publishable_key,
            expires_at=expires_at,
            paid_at=paid_at,
            capture_before=capture_before,
            payment=payment,
        )

        payable_order.additional_properties = d
        return payable_order

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
