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


T = TypeVar("T", bound="NewPost")


@_attrs_define
class NewPost:
    """A post. `published_at` belongs to `scheduled`, `poll` to the type `poll`; the teaser is for everyone.

    Attributes:
        title (str):
        body (str):
        post_type (PostType): What a post mainly is.
        tier_level (int):
        status (PostStatus): How far a post has come. A scheduled post is visible from its moment on, before the job has
            marked it.
        teaser (None | str | Unset):
        published_at (datetime.datetime | None | Unset):
        poll (NewPoll | None | Unset):
    """

    title: str
    body: str
    post_type: PostType
    tier_level: int
    status: PostStatus
    teaser: None | str | Unset = UNSET
    published_at: datetime.datetime | None | Unset = UNSET
    poll: NewPoll | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.new_poll import NewPoll

        title = self.title

        body = self.body

        post_type = self.post_type.value

        tier_level = self.tier_level

        status = self.status.value

        teaser: None | str | Unset
        if isinstance(self.teaser, Unset):
            teaser = UNSET
        else:
            teaser = self.teaser

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

        field_dict.update(
            {
                "title": title,
                "body": body,
                "post_type": post_type,
                "tier_level": tier_level,
                "status": status,
            }
        )
        if teaser is not UNSET:
            field_dict["teaser"] = teaser
        if published_at is not UNSET:
            field_dict["published_at"] = published_at
        if poll is not UNSET:
            field_dict["poll"] = poll

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.new_poll import NewPoll

        d = dict(src_dict)
        title = d.pop("title")

        body = d.pop("body")

        post_type = PostType(d.pop("post_type"))

        tier_level = d.pop("tier_level")

        status = PostStatus(d.pop("status"))

        def _parse_teaser(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        teaser = _parse_teaser(d.pop("teaser", UNSET))

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

        new_post = cls(
            title=title,
            body=body,
            post_type=post_type,
            tier_level=tier_level,
            status=status,
            teaser=teaser,
            published_at=published_at,
            poll=poll,
        )

        return new_post
