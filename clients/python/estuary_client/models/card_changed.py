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

from ..models.card_changed_advice_code_type_0 import CardChangedAdviceCodeType0
from ..types import UNSET, Unset

T = TypeVar("T", bound="CardChanged")


@_attrs_define
class CardChanged:
    """A stored card's bank gives it a new date or number, or it behaves in another way from now on.

    `becomes` names another test payment method, `declined` Stripe's decline code of every later payment.

        Attributes:
            what (Literal['card']):
            id (str):
            exp_month (int | None | Unset):
            exp_year (int | None | Unset):
            last4 (None | str | Unset):
            becomes (None | str | Unset):
            declined (None | str | Unset):
            advice_code (CardChangedAdviceCodeType0 | None | Unset):
    """

    what: Literal["card"]
    id: str
    exp_month: int | None | Unset = UNSET
    exp_year: int | None | Unset = UNSET
    last4: None | str | Unset = UNSET
    becomes: None | str | Unset = UNSET
    declined: None | str | Unset = UNSET
    advice_code: CardChangedAdviceCodeType0 | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        id = self.id

        exp_month: int | None | Unset
        if isinstance(self.exp_month, Unset):
            exp_month = UNSET
        else:
            exp_month = self.exp_month

        exp_year: int | None | Unset
        if isinstance(self.exp_year, Unset):
            exp_year = UNSET
        else:
            exp_year = self.exp_year

        last4: None | str | Unset
        if isinstance(self.last4, Unset):
            last4 = UNSET
        else:
            last4 = self.last4

        becomes: None | str | Unset
        if isinstance(self.becomes, Unset):
            becomes = UNSET
        else:
            becomes = self.becomes

        declined: None | str | Unset
        if isinstance(self.declined, Unset):
            declined = UNSET
        else:
            declined = self.declined

        advice_code: None | str | Unset
        if isinstance(self.advice_code, Unset):
            advice_code = UNSET
        elif isinstance(self.advice_code, CardChangedAdviceCodeType0):
            advice_code = self.advice_code.value
        else:
            advice_code = self.advice_code

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "id": id,
            }
        )
        if exp_month is not UNSET:
            field_dict["exp_month"] = exp_month
        if exp_year is not UNSET:
            field_dict["exp_year"] = exp_year
        if last4 is not UNSET:
            field_dict["last4"] = last4
        if becomes is not UNSET:
            field_dict["becomes"] = becomes
        if declined is not UNSET:
            field_dict["declined"] = declined
        if advice_code is not UNSET:
            field_dict["advice_code"] = advice_code

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = cast(Literal["card"], d.pop("what"))
        if what != "card":
            raise ValueError(f"what must match const 'card', got '{what}'")

        id = d.pop("id")

        def _parse_exp_month(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        exp_month = _parse_exp_month(d.pop("exp_month", UNSET))

        def _parse_exp_year(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        exp_year = _parse_exp_year(d.pop("exp_year", UNSET))

        def _parse_last4(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        last4 = _parse_last4(d.pop("last4", UNSET))

        def _parse_becomes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        becomes = _parse_becomes(d.pop("becomes", UNSET))

        def _parse_declined(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        declined = _parse_declined(d.pop("declined", UNSET))

        def _parse_advice_code(
            data: object,
        ) -> CardChangedAdviceCodeType0 | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                advice_code_type_0 = CardChangedAdviceCodeType0(data)

                return advice_code_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(CardChangedAdviceCodeType0 | None | Unset, data)

        advice_code = _parse_advice_code(d.pop("advice_code", UNSET))

        card_changed = cls(
            what=what,
            id=id,
            exp_month=exp_month,
            exp_year=exp_year,
            last4=last4,
            becomes=becomes,
            declined=declined,
            advice_code=advice_code,
        )

        return card_changed
