from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

T = TypeVar("T", bound="ConfirmPayment")


@_attrs_define
class ConfirmPayment:
    """`payment_method` is Stripe's id of it, made by Stripe.js, or a test card such as `pm_card_visa`.

    Attributes:
        order_id (UUID):
        payment_method (str):
    """

    order_id: UUID
    payment_method: str

    def to_dict(self) -> dict[str, Any]:
        order_id = str(self.order_id)

        payment_method = self.payment_method

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "order_id": order_id,
                "payment_method": payment_method,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        order_id = UUID(d.pop("order_id"))

        payment_method = d.pop("payment_method")

        confirm_payment = cls(
            order_id=order_id,
            payment_method=payment_method,
        )

        return confirm_payment
