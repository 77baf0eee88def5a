from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bundle_item_body import BundleItemBody
    from ..models.money import Money


T = TypeVar("T", bound="BundleChange")


@_attrs_define
class BundleChange:
    """What is left out stays. What is sold keeps what it was sold with; `is_active: true` puts on sale again.

    Attributes:
        title (str | Unset):
        description (str | Unset):
        items (list[BundleItemBody] | Unset):
        total_price (Money | Unset):
        valid_for_days (int | Unset):
        refund_days (int | Unset):
        is_active (bool | Unset):
    """

    title: str | Unset = UNSET
    description: str | Unset = UNSET
    items: list[BundleItemBody] | Unset = UNSET
    total_price: Money | Unset = UNSET
    valid_for_days: int | Unset = UNSET
    refund_days: int | Unset = UNSET
    is_active: bool | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        description = self.description

        items: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.items, Unset):
            items = []
            for items_item_data in self.items:
                items_item = items_item_data.to_dict()
                items.append(items_item)

        total_price: dict[str, Any] | Unset = UNSET
        if not isinstance(self.total_price, Unset):
            total_price = self.total_price.to_dict()

        valid_for_days = self.valid_for_days

        refund_days = self.refund_days

        is_active = self.is_active

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if items is not UNSET:
            field_dict["items"] = items
        if total_price is not UNSET:
            field_dict["total_price"] = total_price
        if valid_for_days is not UNSET:
            field_dict["valid_for_days"] = valid_for_days
        if refund_days is not UNSET:
            field_dict["refund_days"] = refund_days
        if is_active is not UNSET:
            field_dict["is_active"] = is_active

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.bundle_item_body import BundleItemBody
        from ..models.money import Money

        d = dict(src_dict)
        title = d.pop("title", UNSET)

        description = d.pop("description", UNSET)

        _items = d.pop("items", UNSET)
        items: list[BundleItemBody] | Unset = UNSET
        if _items is not UNSET:
            items = []
            for items_item_data in _items:
                items_item = BundleItemBody.from_dict(items_item_data)

                items.append(items_item)

        _total_price = d.pop("total_price", UNSET)
        total_price: Money | Unset
        if isinstance(_total_price, Unset):
            total_price = UNSET
        else:
            total_price = Money.from_dict(_total_price)

        valid_for_days = d.pop("valid_for_days", UNSET)

        refund_days = d.pop("refund_days", UNSET)

        is_active = d.pop("is_active", UNSET)

        bundle_change = cls(
            title=title,
            description=description,
            items=items,
            total_price=total_price,
            valid_for_days=valid_for_days,
            refund_days=refund_days,
            is_active=is_active,
        )

        return bundle_change
