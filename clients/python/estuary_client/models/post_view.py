from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.post_status import PostStatus
from ..models.post_type import PostType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.poll_view import PollView


T = TypeVar("T", bound="PostView")


@_attrs_define
class PostView:
    """A post that is open to the caller.

    Attributes:
        id (UUID):
        stream_id (UUID):
        title (str):
        teaser (None | str):
        post_type (PostType): What a post mainly is.
        tier_level (int):
        status (PostStatus): How far a post has come. A scheduled post is visible from its moment on, before the job has
            marked it.
        published_at (datetime.datetime | None):
        like_count (int):
        liked (bool):
        comment_count (int):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
        body (str):
        poll (None | PollView):
        locked (bool | Unset):  Default: False.
    """

    id: UUID
    stream_id: UUID
    title: str
    teaser: None | str
    post_type: PostType
    tier_level: int
    status: PostStatus
    published_at: datetime.datetime | None
    like_count: int
    liked: bool
    comment_count: int
    created_at: datetime.datetime
    updated_at: datetime.datetime
    body: str
    poll: None | PollView
    locked: bool | Unset = False
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        from ..models.poll_view import PollView

        id = str(self.id)

        stream_id = str(self.stream_id)

        title = self.title

        teaser: None | str
        teaser = self.teaser

        post_type = self.post_type.value

        tier_level = self.tier_level

        status = self.status.value

        published_at: None | str
        if isinstance(self.published_at, datetime.datetime):
            published_at = self.published_at.isoformat()
        else:
            published_at = self.published_at

        like_count = self.like_count

        liked = self.liked

        comment_count = self.comment_count

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        body = self.body

        poll: dict[str, Any] | None
        if isinstance(self.poll, PollView):
            poll = self.poll.to_dict()
        else:
            poll = self.poll

        locked = self.locked

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "stream_id": stream_id,
                "title": title,
                "teaser": teaser,
                "post_type": post_type,
                "tier_level": tier_level,
                "status": status,
                "published_at": published_at,
                "like_count": like_count,
                "liked": liked,
                "comment_count": comment_count,
                "created_at": created_at,
                "updated_at": updated_at,
                "body": body,
                "poll": poll,
            }
        )
        if locked is not UNSET:
            field_dict["locked"] = locked

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.poll_view import PollView

        d = dict(src_dict)
        id = UUID(d.pop("id"))

        stream_id = UUID(d.pop("stream_id"))

        title = d.pop("title")

        def _parse_teaser(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        teaser = _parse_teaser(d.pop("teaser"))

        post_type = PostType(d.pop("post_type"))

        tier_level = d.pop("tier_level")

        status = PostStatus(d.pop("status"))

        def _parse_published_at(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                published_at_type_0 = datetime.datetime.fromisoformat(data)

                return published_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        published_at = _parse_published_at(d.pop("published_at"))

        like_count = d.pop("like_count")

        liked = d.pop("liked")

        comment_count = d.pop("comment_count")

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        body = d.pop("body")

        def _parse_poll(data: object) -> None | PollView:
            if data is None:
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                poll_type_0 = PollView.from_dict(data)

                return poll_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | PollView, data)

        poll = _parse_poll(d.pop("poll"))

        locked = d.pop("locked", UNSET)

        post_view = cls(
            id=id,
            stream_id=stream_id,
            title=title,
            teaser=teaser,
            post_type=post_type,
            tier_level=tier_level,
            status=status,
            published_at=published_at,
            like_count=like_count,
            liked=liked,
            comment_count=comment_count,
            created_at=created_at,
            updated_at=updated_at,
            body=body,
            poll=poll,
            locked=locked,
        )

        post_view.additional_properties = d
        return post_view

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
