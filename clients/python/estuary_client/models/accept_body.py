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
from uuid import UUID

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="AcceptBody")


@_attrs_define
class AcceptBody:
    """How the offered seat is paid. `credits`: as many as possible ("max"), that many, or none.

    `payment_method_id` is a saved card that pays what is due at once, or fees later. With `pass_id` a session of that
    pass pays.

        Attributes:
            credits_ (Literal['max'] | Money | None | Unset):
            payment_method_id (None | Unset | UUID):
            pass_id (None | Unset | UUID):
    """

    credits_: Literal["max"] | Money | None | Unset = UNSET
    payment_method_id: None | Unset | UUID = UNSET
    pass_id: None | Unset | UUID = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.money import Money

        credits_: dict[str, Any] | Literal["max"] | None | Unset
        if isinstance(self.credits_, Unset):
            credits_ = UNSET
        elif isinstance(self.credits_, Money):
            credits_ = self.credits_.to_dict()
        else:
            credits_ = self.credits_

        payment_method_id: None | str | Unset
        if isinstance(self.payment_method_id, Unset):
            payment_method_id = UNSET
        elif isinstance(self.payment_method_id, UUID):
            payment_method_id = str(self.payment_method_id)
        else:
            payment_method_id = self.payment_method_id

        pass_id: None | str | Unset
        if isinstance(self.pass_id, Unset):
            pass_id = UNSET
        elif isinstance(self.pass_id, UUID):
            pass_id = str(self.pass_id)
        else:
            pass_id = self.pass_id

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if credits_ is not UNSET:
            field_dict["credits"] = credits_
        if payment_method_id is not UNSET:
            field_dict["payment_method_id"] = payment_method_id
        if pass_id is not UNSET:
            field_dict["pass_id"] = pass_id

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

        def _parse_payment_method_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                payment_method_id_type_0 = UUID(data)

                return payment_method_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        payment_method_id = _parse_payment_method_id(d.pop("payment_method_id", UNSET))

        def _parse_pass_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                pass_id_type_0 = UUID(data)

                return pass_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        pass_id = _parse_pass_id(d.pop("pass_id", UNSET))

        accept_body = cls(
            credits_=credits_,
            payment_method_id=payment_method_id,
            pass_id=pass_id,
        )

        return accept_body
