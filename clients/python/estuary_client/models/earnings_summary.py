from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="EarningsSummary")


@_attrs_define
class EarningsSummary:
    """A practitioner's money by where it is. `available` is less repaid debt; `reversed` includes what became debt.

    Attributes:
        pending (Money):
        held (Money):
        available (Money):
        in_payout (Money):
        paid (Money):
        reversed_ (Money):
        debt (Money):
    """

    pending: Money
    held: Money
    available: Money
    in_payout: Money
    paid: Money
    reversed_: Money
    debt: Money
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        pending = self.pending.to_dict()

        held = self.held.to_dict()

        available = self.available.to_dict()

        in_payout = self.in_payout.to_dict()

        paid = self.paid.to_dict()

        reversed_ = self.reversed_.to_dict()

        debt = self.debt.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "pending": pending,
                "held": held,
                "available": available,
                "in_payout": in_payout,
                "paid": paid,
                "reversed": reversed_,
                "debt": debt,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        pending = Money.from_dict(d.pop("pending"))

        held = Money.from_dict(d.pop("held"))

        available = Money.from_dict(d.pop("available"))

        in_payout = Money.from_dict(d.pop("in_payout"))

        paid = Money.from_dict(d.pop("paid"))

        reversed_ = Money.from_dict(d.pop("reversed"))

        debt = Money.from_dict(d.pop("debt"))

        earnings_summary = cls(
            pending=pending,
            held=held,
            available=available,
            in_payout=in_payout,
            paid=paid,
            reversed_=reversed_,
            debt=debt,
        )

        earnings_summary.additional_properties = d
        return earnings_summary

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
