from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.payout_status import PayoutStatus

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="PayoutView")


@_attrs_define
class PayoutView:
    """A payout.

    Attributes:
        id (UUID):
        practitioner_id (UUID):
        amount (Money):
        status (PayoutStatus): `eligible` reserves the amount and waits for approval; `processing` lasts until the bank
            has it (rule 17).

            `needs_attention`: it cannot go on by itself, staff decide; what Stripe says of its bank payout still counts.
        stripe_transfer_id (None | str):
        reason (None | str):
        reference (None | str):
        created_at (datetime.datetime):
        approved_at (datetime.datetime | None):
        paid_at (datetime.datetime | None):
    """

    id: UUID
    practitioner_id: UUID
    amount: Money
    status: PayoutStatus
    stripe_transfer_id: None | str
    reason: None | str
    reference: None | str
    created_at: datetime.datetime
    approved_at: datetime.datetime | None
    paid_at: datetime.datetime | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        practitioner_id = str(self.practitioner_id)

        amount = self.amount.to_dict()

        status = self.status.value

        stripe_transfer_id: None | str
        stripe_transfer_id = self.stripe_transfer_id

        reason: None | str
        reason = self.reason

        reference: None | str
        reference = self.reference

        created_at = self.created_at.isoformat()

        approved_at: None | str
        if isinstance(self.approved_at, datetime.datetime):
            approved_at = self.approved_at.isoformat()
        else:
            approved_at = self.approved_at

        paid_at: None | str
        if isinstance(self.paid_at, datetime.datetime):
            paid_at = self.paid_at.isoformat()
        else:
            paid_at = self.paid_at

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "practitioner_id": practitioner_id,
                "amount": amount,
                "status": status,
                "stripe_transfer_id": stripe_transfer_id,
                "reason": reason,
                "reference": reference,
                "created_at": created_at,
                "approved_at": approved_at,
                "paid_at": paid_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        practitioner_id = UUID(d.pop("practitioner_id"))

        amount = Money.from_dict(d.pop("amount"))

        status = PayoutStatus(d.pop("status"))

        def _parse_stripe_transfer_id(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        stripe_transfer_id = _parse_stripe_transfer_id(d.pop("stripe_transfer_id"))

        def _parse_reason(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reason = _parse_reason(d.pop("reason"))

        def _parse_reference(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        reference = _parse_reference(d.pop("reference"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        def _parse_approved_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                approved_at_type_0 = datetime.datetime.fromisoformat(data)

                return approved_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        approved_at = _parse_approved_at(d.pop("approved_at"))

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

        payout_view = cls(
            id=id,
            practitioner_id=practitioner_id,
            amount=amount,
            status=status,
            stripe_transfer_id=stripe_transfer_id,
            reason=reason,
            reference=reference,
            created_at=created_at,
            approved_at=approved_at,
            paid_at=paid_at,
        )

        payout_view.additional_properties = d
        return payout_view

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
