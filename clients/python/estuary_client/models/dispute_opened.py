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

T = TypeVar("T", bound="DisputeOpened")


@_attrs_define
class DisputeOpened:
    """A payer's bank asks back a charge or payment, wholly or in part; an inquiry only asks.

    Attributes:
        what (Literal['dispute_opened']):
        id (str):
        amount (int | None | Unset):
        inquiry (bool | Unset):  Default: False.
    """

    what: Literal["dispute_opened"]
    id: str
    amount: int | None | Unset = UNSET
    inquiry: bool | Unset = False

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        id = self.id

        amount: int | None | Unset
        if isinstance(self.amount, Unset):
            amount = UNSET
        else:
            amount = self.amount

        inquiry = self.inquiry

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "id": id,
            }
        )
        if amount is not UNSET:
            field_dict["amount"] = amount
        if inquiry is not UNSET:
            field_dict["inquiry"] = inquiry

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = cast(Literal["dispute_opened"], d.pop("what"))
        if what != "dispute_opened":
            raise ValueError(f"what must match const 'dispute_opened', got '{what}'")

        id = d.pop("id")

        def _parse_amount(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        amount = _parse_amount(d.pop("amount", UNSET))

        inquiry = d.pop("inquiry", UNSET)

        dispute_opened = cls(
            what=what,
            id=id,
            amount=amount,
            inquiry=inquiry,
        )

        return dispute_opened
