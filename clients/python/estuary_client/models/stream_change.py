from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_tier import NewTier


T = TypeVar("T", bound="StreamChange")


@_attrs_define
class StreamChange:
    """What is left out stays, null is refused; `tiers` replaces all of them.

    Attributes:
        title (str | Unset):
        description (str | Unset):
        tiers (list[NewTier] | Unset):
    """

    title: str | Unset = UNSET
    description: str | Unset = UNSET
    tiers: list[NewTier] | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        description = self.description

        tiers: list[dict[str, Any]] | Unset = UNSET
        if not isinstance(self.tiers, Unset):
            tiers = []
            for tiers_item_data in self.tiers:
                tiers_item = tiers_item_data.to_dict()
                tiers.append(tiers_item)

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if description is not UNSET:
            field_dict["description"] = description
        if tiers is not UNSET:
            field_dict["tiers"] = tiers

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.new_tier import NewTier

        d = dict(src_dict)
        title = d.pop("title", UNSET)

        description = d.pop("description", UNSET)

        _tiers = d.pop("tiers", UNSET)
        tiers: list[NewTier] | Unset = UNSET
        if _tiers is not UNSET:
            tiers = []
            for tiers_item_data in _tiers:
                tiers_item = NewTier.from_dict(tiers_item_data)

                tiers.append(tiers_item)

        stream_change = cls(
            title=title,
            description=description,
            tiers=tiers,
        )

        return stream_change
