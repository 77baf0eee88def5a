from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="Transfer")


@_attrs_define
class Transfer:
    """Credits for another user; they keep their expiry.

    Attributes:
        recipient_id (UUID):
        amount (Money):
    """

    recipient_id: UUID
    amount: Money

    def to_dict(self) -> dict[str, Any]:
        recipient_id = str(self.recipient_id)

        amount = self.amount.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "recipient_id": recipient_id,
                "amount": amount,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        recipient_id = UUID(d.pop("recipient_id"))

        amount = Money.from_dict(d.pop("amount"))

        transfer = cls(
            recipient_id=recipient_id,
            amount=amount,
        )

        return transfer
