from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..types import UNSET, Unset

T = TypeVar("T", bound="CancelSessionBody")


@_attrs_define
class CancelSessionBody:
    """Why, for the clients; with `following` the later dates of the same series too, which ends with that.

    Attributes:
        reason (None | str | Unset):
        following (bool | None | Unset):
    """

    reason: None | str | Unset = UNSET
    following: bool | None | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        reason: None | str | Unset
        if isinstance(self.reason, Unset):
            reason = UNSET
        else:
            reason = self.reason

        following: bool | None | Unset
        if isinstance(self.following, Unset):
            following = UNSET
        else:
            following = self.following

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if reason is not UNSET:
            field_dict["reason"] = reason
        if following is not UNSET:
            field_dict["following"] = following

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)

        def _parse_reason(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        reason = _parse_reason(d.pop("reason", UNSET))

        def _parse_following(data: object) -> bool | None | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(bool | None | Unset, data)

        following = _parse_following(d.pop("following", UNSET))

        cancel_session_body = cls(
            reason=reason,
            following=following,
        )

        return cancel_session_body
