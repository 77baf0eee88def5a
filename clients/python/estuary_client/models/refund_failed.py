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

T = TypeVar("T", bound="RefundFailed")


@_attrs_define
class RefundFailed:
    """The card's bank sends a refund back.

    Attributes:
        what (Literal['refund_failed']):
        id (str):
    """

    what: Literal["refund_failed"]
    id: str

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        id = self.id

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "id": id,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = cast(Literal["refund_failed"], d.pop("what"))
        if what != "refund_failed":
            raise ValueError(f"what must match const 'refund_failed', got '{what}'")

        id = d.pop("id")

        refund_failed = cls(
            what=what,
            id=id,
        )

        return refund_failed
