from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.effective import Effective

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="ChangePreview")


@_attrs_define
class ChangePreview:
    """What a change of plan would do now: when it is in force, what it costs, and how many of the practitioner's
    services the plan would take off sale.

    `due` is `charge`, for what is left of the period, less `credit` for what was paid of that; too little for a card is
    nothing. With `prorate_at` the change can be had at these figures for ten minutes.

        Attributes:
            effective (Effective): When another plan is in force.
            at (datetime.datetime):
            charge (Money):
            credit (Money):
            due (Money):
            prorate_at (datetime.datetime):
            services_over_limit (int):
    """

    effective: Effective
    at: datetime.datetime
    charge: Money
    credit: Money
    due: Money
    prorate_at: datetime.datetime
    services_over_limit: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        effective = self.effective.value

        at = self.at.isoformat()

        charge = self.charge.to_dict()

        credit = self.credit.to_dict()

        due = self.due.to_dict()

        prorate_at = self.prorate_at.isoformat()

        services_over_limit = self.services_over_limit

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "effective": effective,
                "at": at,
                "charge": charge,
                "credit": credit,
                "due": due,
                "prorate_at": prorate_at,
                "services_over_limit": services_over_limit,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        effective = Effective(d.pop("effective"))

        at = datetime.datetime.fromisoformat(d.pop("at"))

        charge = Money.from_dict(d.pop("charge"))

        credit = Money.from_dict(d.pop("credit"))

        due = Money.from_dict(d.pop("due"))

        prorate_at = datetime.datetime.fromisoformat(d.pop("prorate_at"))

        services_over_limit = d.pop("services_over_limit")

        change_preview = cls(
            effective=effective,
            at=at,
            charge=charge,
            credit=credit,
            due=due,
            prorate_at=prorate_at,
            services_over_limit=services_over_limit,
        )

        change_preview.additional_properties = d
        return change_preview

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
