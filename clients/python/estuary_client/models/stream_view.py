from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.tier_view import TierView


T = TypeVar("T", bound="StreamView")


@_attrs_define
class StreamView:
    """A stream as the caller sees it. `subscribed_level` is the caller's own tier, null without one.

    Attributes:
        id (UUID):
        practitioner_id (UUID):
        title (str):
        description (str):
        tiers (list[TierView]):
        like_count (int):
        liked (bool):
        saved (bool):
        follower_count (int):
        comment_count (int):
        subscribed_level (int | None):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
    """

    id: UUID
    practitioner_id: UUID
    title: str
    description: str
    tiers: list[TierView]
    like_count: int
    liked: bool
    saved: bool
    follower_count: int
    comment_count: int
    subscribed_level: int | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        practitioner_id = str(self.practitioner_id)

        title = self.title

        description = self.description

        tiers = []
        for tiers_item_data in self.tiers:
            tiers_item = tiers_item_data.to_dict()
            tiers.append(tiers_item)

        like_count = self.like_count

        liked = self.liked

        saved = self.saved

        follower_count = self.follower_count

        comment_count = self.comment_count

        subscribed_level: int | None
        subscribed_level = self.subscribed_level

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "practitioner_id": practitioner_id,
                "title": title,
                "description": description,
                "tiers": tiers,
                "like_count": like_count,
                "liked": liked,
                "saved": saved,
                "follower_count": follower_count,
                "comment_count": comment_count,
                "subscribed_level": subscribed_level,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.tier_view import TierView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        practitioner_id = UUID(d.pop("practitioner_id"))

        title = d.pop("title")

        description = d.pop("description")

        tiers = []
        _tiers = d.pop("tiers")
        for tiers_item_data in _tiers:
            tiers_item = TierView.from_dict(tiers_item_data)

            tiers.append(tiers_item)

        like_count = d.pop("like_count")

        liked = d.pop("liked")

        saved = d.pop("saved")

        follower_count = d.pop("follower_count")

        comment_count = d.pop("comment_count")

        def _parse_subscribed_level(data: object) -> int | None:
            if data is None:
                return data
            return cast(int | None, data)

        subscribed_level = _parse_subscribed_level(d.pop("subscribed_level"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        stream_view = cls(
            id=id,
            practitioner_id=practitioner_id,
            title=title,
            description=description,
            tiers=tiers,
            like_count=like_count,
            liked=liked,
            saved=saved,
            follower_count=follower_count,
            comment_count=comment_count,
            subscribed_level=subscribed_level,
            created_at=created_at,
            updated_at=updated_at,
        )

        stream_view.additional_properties = d
        return stream_view

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
