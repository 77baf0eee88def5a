from __future__ import annotations

from collections.abc import Mapping
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    Self,
    TypeVar,
    cast,
)

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="AcceptBody")


@_attrs_define
class AcceptBody:
    """How the offered seat is paid. `credits`: as many as possible ("max"), that many, or none.

    Attributes:
        credits_ (Literal['max'] | Money | None | Unset):
    """

    credits_: Literal["max"] | Money | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.money import Money

        credits_: dict[str, Any] | Literal["max"] | None | Unset
        if isinstance(self.credits_, Unset):
            credits_ = UNSET
        elif isinstance(self.credits_, Money):
            credits_ = self.credits_.to_dict()
        else:
            credits_ = self.credits_

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if credits_ is not UNSET:
            field_dict["credits"] = credits_

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)

        def _parse_credits_(data: object) -> Literal["max"] | Money | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            credits_type_0 = cast(Literal["max"], data)
            if credits_type_0 != "max":
                raise ValueError(
                    f"credits_type_0 must match const 'max', got '{credits_type_0}'"
                )
            return credits_type_0
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                credits_type_1 = Money.from_dict(data)

                return credits_type_1
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(Literal["max"] | Money | None | Unset, data)

        credits_ = _parse_credits_(d.pop("credits", UNSET))

        accept_body = cls(
            credits_=credits_,
        )

        return accept_body
