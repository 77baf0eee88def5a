from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="NewTier")


@_attrs_define
class NewTier:
    """A level with its name and price; level 0 costs nothing.

    Attributes:
        name (str):
        level (int):
        price (Money):
    """

    name: str
    level: int
    price: Money

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        level = self.level

        price = self.price.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "name": name,
                "level": level,
                "price": price,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        name = d.pop("name")

        level = d.pop("level")

        price = Money.from_dict(d.pop("price"))

        new_tier = cls(
            name=name,
            level=level,
            price=price,
        )

        return new_tier
