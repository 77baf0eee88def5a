from __future__ import annotations

from collections.abc import Mapping
from typing import (
    Any,
    Literal,
    Self,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="RefundOutside")


@_attrs_define
class RefundOutside:
    """Somebody refunds a payment or charge in Stripe's dashboard; without an amount, what is left.

    Attributes:
        what (Literal['refund_outside']):
        id (str):
        amount (int | None | Unset):
    """

    what: Literal["refund_outside"]
    id: str
    amount: int | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        id = self.id

        amount: int | None | Unset
        if isinstance(self.amount, Unset):
            amount = UNSET
        else:
            amount = self.amount

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "id": id,
            }
        )
        if amount is not UNSET:
            field_dict["amount"] = amount

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = cast(Literal["refund_outside"], d.pop("what"))
        if what != "refund_outside":
            raise ValueError(f"what must match const 'refund_outside', got '{what}'")

        id = d.pop("id")

        def _parse_amount(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        amount = _parse_amount(d.pop("amount", UNSET))

        refund_outside = cls(
            what=what,
            id=id,
            amount=amount,
        )

        return refund_outside
