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

T = TypeVar("T", bound="CardChanged")


@_attrs_define
class CardChanged:
    """A stored card gets a new date, or behaves as another test payment method from now on.

    Attributes:
        what (Literal['card']):
        id (str):
        exp_year (int | None | Unset):
        becomes (None | str | Unset):
    """

    what: Literal["card"]
    id: str
    exp_year: int | None | Unset = UNSET
    becomes: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        what = self.what

        id = self.id

        exp_year: int | None | Unset
        if isinstance(self.exp_year, Unset):
            exp_year = UNSET
        else:
            exp_year = self.exp_year

        becomes: None | str | Unset
        if isinstance(self.becomes, Unset):
            becomes = UNSET
        else:
            becomes = self.becomes

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "what": what,
                "id": id,
            }
        )
        if exp_year is not UNSET:
            field_dict["exp_year"] = exp_year
        if becomes is not UNSET:
            field_dict["becomes"] = becomes

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        what = cast(Literal["card"], d.pop("what"))
        if what != "card":
            raise ValueError(f"what must match const 'card', got '{what}'")

        id = d.pop("id")

        def _parse_exp_year(data: object) -> int | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(int | None | Unset, data)

        exp_year = _parse_exp_year(d.pop("exp_year", UNSET))

        def _parse_becomes(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        becomes = _parse_becomes(d.pop("becomes", UNSET))

        card_changed = cls(
            what=what,
            id=id,
            exp_year=exp_year,
            becomes=becomes,
        )

        return card_changed
