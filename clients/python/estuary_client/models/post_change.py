from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.post_status import PostStatus
from ..models.post_type import PostType
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.new_poll import NewPoll


T = TypeVar("T", bound="PostChange")


@_attrs_define
class PostChange:
    """What is left out stays. A `teaser` that is null or has no characters is taken away; null is refused for what a
    post of that type and status must have.

    The type cannot change, a poll only until the post is published.

        Attributes:
            title (str | Unset):
            body (str | Unset):
            post_type (PostType | Unset): What a post mainly is.
            tier_level (int | Unset):
            teaser (None | str | Unset):
            status (PostStatus | Unset): How far a post has come. A scheduled post is visible from its moment on, before the
                job has marked it.
            published_at (datetime.datetime | None | Unset):
            poll (NewPoll | None | Unset):
    """

    title: str | Unset = UNSET
    body: str | Unset = UNSET
    post_type: PostType | Unset = UNSET
    tier_level: int | Unset = UNSET
    teaser: None | str | Unset = UNSET
    status: PostStatus | Unset = UNSET
    published_at: datetime.datetime | None | Unset = UNSET
    poll: NewPoll | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.new_poll import NewPoll

        title = self.title

        body = self.body

        post_type: str | Unset = UNSET
        if not isinstance(self.post_type, Unset):
            post_type = self.post_type.value

        tier_level = self.tier_level

        teaser: None | str | Unset
        if isinstance(self.teaser, Unset):
            teaser = UNSET
        else:
            teaser = self.teaser

        status: str | Unset = UNSET
        if not isinstance(self.status, Unset):
            status = self.status.value

        published_at: None | str | Unset
        if isinstance(self.published_at, Unset):
            published_at = UNSET
        elif isinstance(self.published_at, datetime.datetime):
            published_at = self.published_at.isoformat()
        else:
            published_at = self.published_at

        poll: dict[str, Any] | None | Unset
        if isinstance(self.poll, Unset):
            poll = UNSET
        elif isinstance(self.poll, NewPoll):
            poll = self.poll.to_dict()
        else:
            poll = self.poll

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if title is not UNSET:
            field_dict["title"] = title
        if body is not UNSET:
            field_dict["body"] = body
        if post_type is not UNSET:
            field_dict["post_type"] = post_type
        if tier_level is not UNSET:
            field_dict["tier_level"] = tier_level
        if teaser is not UNSET:
            field_dict["teaser"] = teaser
        if status is not UNSET:
            field_dict["status"] = status
        if published_at is not UNSET:
            field_dict["published_at"] = published_at
        if poll is not UNSET:
            field_dict["poll"] = poll

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.new_poll import NewPoll

        d = dict(src_dict)
        title = d.pop("title", UNSET)

        body = d.pop("body", UNSET)

        _post_type = d.pop("post_type", UNSET)
        post_type: PostType | Unset
        if isinstance(_post_type, Unset):
            post_type = UNSET
        else:
            post_type = PostType(_post_type)

        tier_level = d.pop("tier_level", UNSET)

        def _parse_teaser(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        teaser = _parse_teaser(d.pop("teaser", UNSET))

        _status = d.pop("status", UNSET)
        status: PostStatus | Unset
        if isinstance(_status, Unset):
            status = UNSET
        else:
            status = PostStatus(_status)

        def _parse_published_at(data: object) -> datetime.datetime | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                published_at_type_0 = datetime.datetime.fromisoformat(data)

                return published_at_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None | Unset, data)

        published_at = _parse_published_at(d.pop("published_at", UNSET))

        def _parse_poll(data: object) -> NewPoll | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                poll_type_0 = NewPoll.from_dict(data)

                return poll_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(NewPoll | None | Unset, data)

        poll = _parse_poll(d.pop("poll", UNSET))

        post_change = cls(
            title=title,
            body=body,
            post_type=post_type,
            tier_level=tier_level,
            teaser=teaser,
            status=status,
            published_at=published_at,
            poll=poll,
        )

        return post_change
