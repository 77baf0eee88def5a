from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.chargebacked import Chargebacked
from ..models.order_kind import OrderKind
from ..models.order_status import OrderStatus

if TYPE_CHECKING:
    from ..models.money import Money
    from ..models.order_line_view import OrderLineView
    from ..models.order_refund import OrderRefund


T = TypeVar("T", bound="OrderDetail")


@_attrs_define
class OrderDetail:
    """An order with what was sold and what went back.

    Attributes:
        id (UUID):
        kind (OrderKind): What is being paid for. A tombstone is an order that was closed before it was opened: it never
            opens.
        status (OrderStatus): `authorized`: a card is, for an order that is captured by hand.

            `paid_late`: the card's money came after the order was cancelled, the credits had gone back (rule 5). Refunds
            are
            amounts beside the order; a refunded order stays `paid`.
        title (str):
        booking_id (None | UUID):
        price (Money):
        discount (Money):
        tax (Money):
        total (Money):
        credits_applied (Money):
        amount_due (Money):
        chargeback (Chargebacked | None):
        expires_at (datetime.datetime):
        paid_at (datetime.datetime | None):
        created_at (datetime.datetime):
        lines (list[OrderLineView]):
        refunds (list[OrderRefund]):
    """

    id: UUID
    kind: OrderKind
    status: OrderStatus
    title: str
    booking_id: None | UUID
    price: Money
    discount: Money
    tax: Money
    total: Money
    credits_applied: Money
    amount_due: Money
    chargeback: Chargebacked | None
    expires_at: datetime.datetime
    paid_at: datetime.datetime | None
    created_at: datetime.datetime
    lines: list[OrderLineView]
    refunds: list[OrderRefund]
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        kind = self.kind.value

        status = self.status.value

        title = self.title

        booking_id: None | str
        if isinstance(self.booking_id, UUID):
            booking_id = str(self.booking_id)
        else:
            booking_id = self.booking_id

        price = self.price.to_dict()

        discount = self.discount.to_dict()

        tax = self.tax.to_dict()

        total = self.total.to_dict()

        credits_applied = self.credits_applied.to_dict()

        amount_due = self.amount_due.to_dict()

        chargeback: None | str
        if isinstance(self.chargeback, Chargebacked):
            chargeback = self.chargeback.value
        else:
            chargeback = self.chargeback

        expires_at = self.expires_at.isoformat()

        paid_at: None | str
        if isinstance(self.paid_at, datetime.datetime):
            paid_at = self.paid_at.isoformat()
        else:
            paid_at = self.paid_at

        created_at = self.created_at.isoformat()

        lines = []
        for lines_item_data in self.lines:
            lines_item = lines_item_data.to_dict()
            lines.append(lines_item)

        refunds = []
        for refunds_item_data in self.refunds:
            refunds_item = refunds_item_data.to_dict()
            refunds.append(refunds_item)

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "status": status,
                "title": title,
                "booking_id": booking_id,
                "price": price,
                "discount": discount,
                "tax": tax,
                "total": total,
                "credits_applied": credits_applied,
                "amount_due": amount_due,
                "chargeback": chargeback,
                "expires_at": expires_at,
                "paid_at": paid_at,
                "created_at": created_at,
                "lines": lines,
                "refunds": refunds,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money
        from ..models.order_line_view import OrderLineView
        from ..models.order_refund import OrderRefund

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = OrderKind(d.pop("kind"))

        status = OrderStatus(d.pop("status"))

        title = d.pop("title")

        def _parse_booking_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                booking_id_type_0 = UUID(data)

                return booking_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        booking_id = _parse_booking_id(d.pop("booking_id"))

        price = Money.from_dict(d.pop("price"))

        discount = Money.from_dict(d.pop("discount"))

        tax = Money.from_dict(d.pop("tax"))

        total = Money.from_dict(d.pop("total"))

        credits_applied = Money.from_dict(d.pop("credits_applied"))

        amount_due = Money.from_dict(d.pop("amount_due"))

        def _parse_chargeback(data: object) -> Chargebacked | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                chargeback_type_0 = Chargebacked(data)

                return chargeback_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Chargebacked | None, data)

        chargeback = _parse_chargeback(d.pop("chargeback"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        def _parse_paid_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                paid_at_type_0 = datetime.datetime.fromisoformat(data)

                return paid_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        paid_at = _parse_paid_at(d.pop("paid_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        lines = []
        _lines = d.pop("lines")
        for lines_item_data in _lines:
            lines_item = OrderLineView.from_dict(lines_item_data)

            lines.append(lines_item)

        refunds = []
        _refunds = d.pop("refunds")
        for refunds_item_data in _refunds:
            refunds_item = OrderRefund.from_dict(refunds_item_data)

            refunds.append(refunds_item)

        order_detail = cls(
            id=id,
            kind=kind,
            status=status,
            title=title,
            booking_id=booking_id,
            price=price,
            discount=discount,
            tax=tax,
            total=total,
            credits_applied=credits_applied,
            amount_due=amount_due,
            chargeback=chargeback,
            expires_at=expires_at,
            paid_at=paid_at,
            created_at=created_at,
            lines=lines,
            refunds=refunds,
        )

        order_detail.additional_properties = d
        return order_detail

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
