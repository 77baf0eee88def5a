from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.money import Money


T = TypeVar("T", bound="OrderLineView")


@_attrs_define
class OrderLineView:
    """What was sold, and the commission rate that was frozen with it.

    Attributes:
        id (UUID):
        description (str):
        gross_amount (Money):
        commission_rate (str):
    """

    id: UUID
    description: str
    gross_amount: Money
    commission_rate: str
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        description = self.description

        gross_amount = self.gross_amount.to_dict()

        commission_rate = self.commission_rate

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "description": description,
                "gross_amount": gross_amount,
                "commission_rate": commission_rate,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.money import Money

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        description = d.pop("description")

        gross_amount = Money.from_dict(d.pop("gross_amount"))

        commission_rate = d.pop("commission_rate")

        order_line_view = cls(
            id=id,
            description=description,
            gross_amount=gross_amount,
            commission_rate=commission_rate,
        )

        order_line_view.additional_properties = d
        return order_line_view

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
