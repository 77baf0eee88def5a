from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.earning_status import EarningStatus
from ..models.order_kind import OrderKind

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="EarningView")


@_attrs_define
class EarningView:
    """One entry. A reversed one shows what it was before refunds. `kind` is that of the order.

    Attributes:
        id (UUID):
        kind (OrderKind): What is being paid for. A tombstone is an order that was closed before it was opened: it never
            opens.
        booking_id (None | UUID):
        order_id (UUID):
        line_id (UUID):
        milestone (None | str):
        gross_amount (Money):
        commission_rate (str):
        commission_amount (Money):
        tax_amount (Money):
        net_amount (Money):
        status (EarningStatus): Where an earning's money is. A refund after payment leaves `paid` as it is and becomes
            debt (rule 11).
        payout_id (None | UUID):
        completed_at (datetime.datetime | None):
        available_at (datetime.datetime | None):
        created_at (datetime.datetime):
    """

    id: UUID
    kind: OrderKind
    booking_id: None | UUID
    order_id: UUID
    line_id: UUID
    milestone: None | str
    gross_amount: Money
    commission_rate: str
    commission_amount: Money
    tax_amount: Money
    net_amount: Money
    status: EarningStatus
    payout_id: None | UUID
    completed_at: datetime.datetime | None
    available_at: datetime.datetime | None
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        kind = self.kind.value

        booking_id: None | str
        if isinstance(self.booking_id, UUID):
            booking_id = str(self.booking_id)
        else:
            booking_id = self.booking_id

        order_id = str(self.order_id)

        line_id = str(self.line_id)

        milestone: None | str
        milestone = self.milestone

        gross_amount = self.gross_amount.to_dict()

        commission_rate = self.commission_rate

        commission_amount = self.commission_amount.to_dict()

        tax_amount = self.tax_amount.to_dict()

        net_amount = self.net_amount.to_dict()

        status = self.status.value

        payout_id: None | str
        if isinstance(self.payout_id, UUID):
            payout_id = str(self.payout_id)
        else:
            payout_id = self.payout_id

        completed_at: None | str
        if isinstance(self.completed_at, datetime.datetime):
            completed_at = self.completed_at.isoformat()
        else:
            completed_at = self.completed_at

        available_at: None | str
        if isinstance(self.available_at, datetime.datetime):
            available_at = self.available_at.isoformat()
        else:
            available_at = self.available_at

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "kind": kind,
                "booking_id": booking_id,
                "order_id": order_id,
                "line_id": line_id,
                "milestone": milestone,
                "gross_amount": gross_amount,
                "commission_rate": commission_rate,
                "commission_amount": commission_amount,
                "tax_amount": tax_amount,
                "net_amount": net_amount,
                "status": status,
                "payout_id": payout_id,
                "completed_at": completed_at,
                "available_at": available_at,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        kind = OrderKind(d.pop("kind"))

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

        order_id = UUID(d.pop("order_id"))

        line_id = UUID(d.pop("line_id"))

        def _parse_milestone(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        milestone = _parse_milestone(d.pop("milestone"))

        gross_amount = Money.from_dict(d.pop("gross_amount"))

        commission_rate = d.pop("commission_rate")

        commission_amount = Money.from_dict(d.pop("commission_amount"))

        tax_amount = Money.from_dict(d.pop("tax_amount"))

        net_amount = Money.from_dict(d.pop("net_amount"))

        status = EarningStatus(d.pop("status"))

        def _parse_payout_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                payout_id_type_0 = UUID(data)

                return payout_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        payout_id = _parse_payout_id(d.pop("payout_id"))

        def _parse_completed_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                completed_at_type_0 = datetime.datetime.fromisoformat(data)

                return completed_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        completed_at = _parse_completed_at(d.pop("completed_at"))

        def _parse_available_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                available_at_type_0 = datetime.datetime.fromisoformat(data)

                return available_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        available_at = _parse_available_at(d.pop("available_at"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        earning_view = cls(
            id=id,
            kind=kind,
            booking_id=booking_id,
            order_id=order_id,
            line_id=line_id,
            milestone=milestone,
            gross_amount=gross_amount,
            commission_rate=commission_rate,
            commission_amount=commission_amount,
            tax_amount=tax_amount,
            net_amount=net_amount,
            status=status,
            payout_id=payout_id,
            completed_at=completed_at,
            available_at=available_at,
            created_at=created_at,
        )

        earning_view.additional_properties = d
        return earning_view

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
