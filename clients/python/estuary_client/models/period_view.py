from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.period_status import PeriodStatus

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="PeriodView")


@_attrs_define
class PeriodView:
    """A period and its bill.

    Attributes:
        number (int):
        start (datetime.datetime):
        end (datetime.datetime):
        order_id (UUID):
        amount (Money):
        status (PeriodStatus): `closed`: the bill was given up, nothing is owed.
    """

    number: int
    start: datetime.datetime
    end: datetime.datetime
    order_id: UUID
    amount: Money
    status: PeriodStatus
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        number = self.number

        start = self.start.isoformat()

        end = self.end.isoformat()

        order_id = str(self.order_id)

        amount = self.amount.to_dict()

        status = self.status.value

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "number": number,
                "start": start,
                "end": end,
                "order_id": order_id,
                "amount": amount,
                "status": status,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        number = d.pop("number")

        start = datetime.datetime.fromisoformat(d.pop("start"))

        end = datetime.datetime.fromisoformat(d.pop("end"))

        order_id = UUID(d.pop("order_id"))

        amount = Money.from_dict(d.pop("amount"))

        status = PeriodStatus(d.pop("status"))

        period_view = cls(
            number=number,
            start=start,
            end=end,
            order_id=order_id,
            amount=amount,
            status=status,
        )

        period_view.additional_properties = d
        return period_view

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
