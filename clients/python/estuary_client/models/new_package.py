from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.package_item_body import PackageItemBody


T = TypeVar("T", bound="NewPackage")


@_attrs_define
class NewPackage:
    """Sessions that are sold together; the price is their sum less the discount.

    Attributes:
        title (str):
        items (list[PackageItemBody]):
        description (str | Unset):  Default: ''.
        discount_percentage (int | Unset):  Default: 0.
        valid_for_days (int | Unset):  Default: 365.
        refund_days (int | Unset):  Default: 14.
    """

    title: str
    items: list[PackageItemBody]
    description: str | Unset = ""
    discount_percentage: int | Unset = 0
    valid_for_days: int | Unset = 365
    refund_days: int | Unset = 14

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        items = []
        for items_item_data in self.items:
            items_item = items_item_data.to_dict()
            items.append(items_item)

        description = self.description

        discount_percentage = self.discount_percentage

        valid_for_days = self.valid_for_days

        refund_days = self.refund_days

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "title": title,
                "items": items,
            }
        )
        if description is not UNSET:
            field_dict["description"] = description
        if discount_percentage is not UNSET:
            field_dict["discount_percentage"] = discount_percentage
        if valid_for_days is not UNSET:
            field_dict["valid_for_days"] = valid_for_days
        if refund_days is not UNSET:
            field_dict["refund_days"] = refund_days

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.package_item_body import PackageItemBody

        d = dict(src_dict)
        title = d.pop("title")

        items = []
        _items = d.pop("items")
        for items_item_data in _items:
            items_item = PackageItemBody.from_dict(items_item_data)

            items.append(items_item)

        description = d.pop("description", UNSET)

        discount_percentage = d.pop("discount_percentage", UNSET)

        valid_for_days = d.pop("valid_for_days", UNSET)

        refund_days = d.pop("refund_days", UNSET)

        new_package = cls(
            title=title,
            items=items,
            description=description,
            discount_percentage=discount_percentage,
            valid_for_days=valid_for_days,
            refund_days=refund_days,
        )

        return new_package
