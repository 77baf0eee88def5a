from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.account_kind import AccountKind

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="TransactionView")


@_attrs_define
class TransactionView:
    """One line of the practitioner's side of the ledger: `amount` went from one account to another.

    Attributes:
        id (UUID):
        reason (str):
        from_account (AccountKind): What an account holds. Assets (the two clearings, client_debt, seller_debt) and
            costs (promotion_costs) have
            balances of zero or below.
        to_account (AccountKind): What an account holds. Assets (the two clearings, client_debt, seller_debt) and costs
            (promotion_costs) have
            balances of zero or below.
        amount (Money):
        order_id (None | UUID):
        booking_id (None | UUID):
        payout_id (None | UUID):
        created_at (datetime.datetime):
    """

    id: UUID
    reason: str
    from_account: AccountKind
    to_account: AccountKind
    amount: Money
    order_id: None | UUID
    booking_id: None | UUID
    payout_id: None | UUID
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        reason = self.reason

        from_account = self.from_account.value

        to_account = self.to_account.value

        amount = self.amount.to_dict()

        order_id: None | str
        if isinstance(self.order_id, UUID):
            order_id = str(self.order_id)
        else:
            order_id = self.order_id

        booking_id: None | str
        if isinstance(self.booking_id, UUID):
            booking_id = str(self.booking_id)
        else:
            booking_id = self.booking_id

        payout_id: None | str
        if isinstance(self.payout_id, UUID):
            payout_id = str(self.payout_id)
        else:
            payout_id = self.payout_id

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "reason": reason,
                "from_account": from_account,
                "to_account": to_account,
                "amount": amount,
                "order_id": order_id,
                "booking_id": booking_id,
                "payout_id": payout_id,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        reason = d.pop("reason")

        from_account = AccountKind(d.pop("from_account"))

        to_account = AccountKind(d.pop("to_account"))

        amount = Money.from_dict(d.pop("amount"))

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

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        transaction_view = cls(
            id=id,
            reason=reason,
            from_account=from_account,
            to_account=to_account,
            amount=amount,
            order_id=order_id,
            booking_id=booking_id,
            payout_id=payout_id,
            created_at=created_at,
        )

        transaction_view.additional_properties = d
        return transaction_view

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
