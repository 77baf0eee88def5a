from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.interval import Interval

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="PlanPriceBody")


@_attrs_define
class PlanPriceBody:
    """What it costs for one interval: nothing, or at least what a card can be charged.

    Attributes:
        interval (Interval): How often a plan is billed.
        price (Money):
    """

    interval: Interval
    price: Money

    def to_dict(self) -> dict[str, Any]:
        interval = self.interval.value

        price = self.price.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "interval": interval,
                "price": price,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        interval = Interval(d.pop("interval"))

        price = Money.from_dict(d.pop("price"))

        plan_price_body = cls(
            interval=interval,
            price=price,
        )

        return plan_price_body
