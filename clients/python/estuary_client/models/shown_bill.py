from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="ShownBill")


@_attrs_define
class ShownBill:
    """The bill that its user has to pay; with whatever else payments shows of it.

    Attributes:
        order_id (UUID):
        client_secret (None | str):
        publishable_key (str):
        amount_due (Money):
        status (str):
    """

    order_id: UUID
    client_secret: None | str
    publishable_key: str
    amount_due: Money
    status: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        order_id = str(self.order_id)

        client_secret: None | str
        client_secret = self.client_secret

        publishable_key = self.publishable_key

        amount_due = self.amount_due.to_dict()

        status = self.status

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "order_id": order_id,
                "client_secret": client_secret,
                "publishable_key": publishable_key,
                "amount_due": amount_due,
                "status": status,
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

        status = d.pop("status")

        shown_bill = cls(
            order_id=order_id,
            client_secret=client_secret,
            publishable_key=publishable_key,
            amount_due=amount_due,
            status=status,
        )

        shown_bill.additional_properties = d
        return shown_bill

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
