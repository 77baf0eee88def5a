from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.bundle_item_view import BundleItemView
    from ..models.money import Money


T = TypeVar("T", bound="BundleView")


@_attrs_define
class BundleView:
    """A bundle as everyone sees it; `price` is `total_price` unless its parts have become cheaper.

    Attributes:
        id (UUID):
        practitioner_id (UUID):
        practitioner_name (str):
        title (str):
        description (str):
        valid_for_days (int):
        refund_days (int):
        price (Money):
        session_count (int):
        savings_amount (Money):
        is_active (bool):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        items (list[BundleItemView]):
        total_price (Money):
    """

    id: UUID
    practitioner_id: UUID
    practitioner_name: str
    title: str
    description: str
    valid_for_days: int
    refund_days: int
    price: Money
    session_count: int
    savings_amount: Money
    is_active: bool
    created_at: datetime.datetime
    updated_at: datetime.datetime
    items: list[BundleItemView]
    total_price: Money
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        practitioner_id = str(self.practitioner_id)

        practitioner_name = self.practitioner_name

        title = self.title

        description = self.description

        valid_for_days = self.valid_for_days

        refund_days = self.refund_days

        price = self.price.to_dict()

        session_count = self.session_count

        savings_amount = self.savings_amount.to_dict()

        is_active = self.is_active

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        total_price = self.total_price.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "practitioner_id": practitioner_id,
                "practitioner_name": practitioner_name,
                "title": title,
                "description": description,
                "valid_for_days": valid_for_days,
                "refund_days": refund_days,
                "price": price,
                "session_count": session_count,
                "savings_amount": savings_amount,
                "is_active": is_active,
                "created_at": created_at,
                "updated_at": updated_at,
                "items": items,
                "total_price": total_price,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.bundle_item_view import BundleItemView
        from ..models.money import Money

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        practitioner_id = UUID(d.pop("practitioner_id"))

        practitioner_name = d.pop("practitioner_name")

        title = d.pop("title")

        description = d.pop("description")

        valid_for_days = d.pop("valid_for_days")

        refund_days = d.pop("refund_days")

        price = Money.from_dict(d.pop("price"))

        session_count = d.pop("session_count")

        savings_amount = Money.from_dict(d.pop("savings_amount"))

        is_active = d.pop("is_active")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = BundleItemView.from_dict(items_item_data)

            items.append(items_item)

        total_price = Money.from_dict(d.pop("total_price"))

        bundle_view = cls(
            id=id,
            practitioner_id=practitioner_id,
            practitioner_name=practitioner_name,
            title=title,
            description=description,
            valid_for_days=valid_for_days,
            refund_days=refund_days,
            price=price,
            session_count=session_count,
            savings_amount=savings_amount,
            is_active=is_active,
            created_at=created_at,
            updated_at=updated_at,
            items=items,
            total_price=total_price,
        )

        bundle_view.additional_properties = d
        return bundle_view

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
