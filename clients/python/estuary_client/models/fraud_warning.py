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

T = TypeVar("T", bound="FraudWarning")


@_attrs_define
class FraudWarning:
    """The payer's bank calls a charge or payment fraudulent; nothing moves yet.

    Attributes:
        what (Literal['fraud_warning']):
        id (str):
    """

    what: Literal["fraud_warning"]
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
        what = cast(Literal["fraud_warning"], d.pop("what"))
        if what != "fraud_warning":
            raise ValueError(f"what must match const 'fraud_warning', got '{what}'")

        id = d.pop("id")

        fraud_warning = cls(
            what=what,
            id=id,
        )

        return fraud_warning
