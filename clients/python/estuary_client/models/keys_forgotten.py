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

T = TypeVar("T", bound="KeysForgotten")


@_attrs_define
class KeysForgotten:
    """A day passes for every idempotency key: none has an answer any more.

    Attributes:
        what (Literal['forget_keys']):
    """

    what: Literal["forget_keys"]

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = cast(Literal["forget_keys"], d.pop("what"))
        if what != "forget_keys":
            raise ValueError(f"what must match const 'forget_keys', got '{what}'")

        keys_forgotten = cls(
            what=what,
        )

        return keys_forgotten
