from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.new_tier import NewTier


T = TypeVar("T", bound="NewStream")


@_attrs_define
class NewStream:
    """A stream to open. Level 0 is added where it is not named.

    Attributes:
        title (str):
        description (str):
        tiers (list[NewTier]):
    """

    title: str
    description: str
    tiers: list[NewTier]

    def to_dict(self) -> dict[str, Any]:
        title = self.title

        description = self.description

        tiers = []
        for tiers_item_data in self.tiers:
            tiers_item = tiers_item_data.to_dict()
            tiers.append(tiers_item)

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "title": title,
                "description": description,
                "tiers": tiers,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.new_tier import NewTier

        d = dict(src_dict)
        title = d.pop("title")

        description = d.pop("description")

        tiers = []
        _tiers = d.pop("tiers")
        for tiers_item_data in _tiers:
            tiers_item = NewTier.from_dict(tiers_item_data)

            tiers.append(tiers_item)

        new_stream = cls(
            title=title,
            description=description,
            tiers=tiers,
        )

        return new_stream
