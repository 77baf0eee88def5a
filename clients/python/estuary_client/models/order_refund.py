from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.refund_status import RefundStatus

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="OrderRefund")


@_attrs_define
class OrderRefund:
    """A refund of this order, whoever made it. `failed`: the card's part came back and is owed to the client.

    Attributes:
        id (UUID):
        status (RefundStatus): `pending`: booked here, and not yet confirmed by Stripe. Refunds in credits alone succeed
            at once.

            `failed`: Stripe said so, also after it had succeeded, or refused to make it for a day; the client is owed the
            card's part, and nothing is sent again by itself.
        card (Money):
        credits_ (Money):
        created_at (datetime.datetime):
    """

    id: UUID
    status: RefundStatus
    card: Money
    credits_: Money
    created_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        status = self.status.value

        card = self.card.to_dict()

        credits_ = self.credits_.to_dict()

        created_at = self.created_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "status": status,
                "card": card,
                "credits": credits_,
                "created_at": created_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        status = RefundStatus(d.pop("status"))

        card = Money.from_dict(d.pop("card"))

        credits_ = Money.from_dict(d.pop("credits"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        order_refund = cls(
            id=id,
            status=status,
            card=card,
            credits_=credits_,
            created_at=created_at,
        )

        order_refund.additional_properties = d
        return order_refund

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
