from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.bundle_item_body import BundleItemBody
    from ..models.money import Money


T = TypeVar("T", bound="NewBundle")


@_attrs_define
class NewBundle:
    """Sessions, courses and packages that are sold together for a price of their own, at most the sum of the parts.

    Attributes:
        title (str):
        items (list[BundleItemBody]):
        total_price (Money):
        description (str | Unset):  Default: ''.
        valid_for_days (int | Unset):  Default: 365.
        refund_days (int | Unset):  Default: 14.
    """

    title: str
    items: list[BundleItemBody]
    total_price: Money
    description: str | Unset = ""
    valid_for_days: int | Unset = 365
    refund_days: int | Unset = 14

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        total_price = self.total_price.to_dict()

        description = self.description

        valid_for_days = self.valid_for_days

        refund_days = self.refund_days

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "title": title,
                "items": items,
                "total_price": total_price,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if valid_for_days is not UNSET:
            field_dict["valid_for_days"] = valid_for_days
        if refund_days is not UNSET:
            field_dict["refund_days"] = refund_days

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.bundle_item_body import BundleItemBody
        from ..models.money import Money

        d = dict(src_dict)
        title = d.pop("title")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = BundleItemBody.from_dict(items_item_data)

            items.append(items_item)

        total_price = Money.from_dict(d.pop("total_price"))

        description = d.pop("description", UNSET)

        valid_for_days = d.pop("valid_for_days", UNSET)

        refund_days = d.pop("refund_days", UNSET)

        new_bundle = cls(
            title=title,
            items=items,
            total_price=total_price,
            description=description,
            valid_for_days=valid_for_days,
            refund_days=refund_days,
        )

        return new_bundle
