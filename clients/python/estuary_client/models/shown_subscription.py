from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.money import Money
    from ..models.shown_bill import ShownBill


T = TypeVar("T", bound="ShownSubscription")


@_attrs_define
class ShownSubscription:
    """A subscription as payments shows it to its user, with all fields of `GET /subscriptions/{id}/`.

    Attributes:
        id (UUID):
        kind (str):
        interval (str):
        price (Money):
        status (str):
        access_until (datetime.datetime | None):
        payment (None | ShownBill):
    """

    id: UUID
    kind: str
    interval: str
    price: Money
    status: str
    access_until: datetime.datetime | None
    payment: None | ShownBill
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.shown_bill import ShownBill

        id = str(self.id)

        kind = self.kind

        interval = self.interval

        price = self.price.to_dict()

        status = self.status

        access_until: None | str
        if isinstance(self.access_until, datetime.datetime):
            access_until = self.access_until.isoformat()
        else:
            access_until = self.access_until

        payment: dict[str, Any] | None
        if isinstance(self.payment, ShownBill):
            payment = self.payment.to_dict()
        else:
            payment = self.payment

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "interval": interval,
                "price": price,
                "status": status,
                "access_until": access_until,
                "payment": payment,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money
        from ..models.shown_bill import ShownBill

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = d.pop("kind")

        interval = d.pop("interval")

        price = Money.from_dict(d.pop("price"))

        status = d.pop("status")

        def _parse_access_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                access_until_type_0 = datetime.datetime.fromisoformat(data)

                return access_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        access_until = _parse_access_until(d.pop("access_until"))

        def _parse_payment(data: object) -> None | ShownBill:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                payment_type_0 = ShownBill.from_dict(data)

                return payment_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | ShownBill, data)

        payment = _parse_payment(d.pop("payment"))

        shown_subscription = cls(
            id=id,
            kind=kind,
            interval=interval,
            price=price,
            status=status,
            access_until=access_until,
            payment=payment,
        )

        shown_subscription.additional_properties = d
        return shown_subscription

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
