from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

from ..models.mode import Mode
from ..types import UNSET, Unset

T = TypeVar("T", bound="SocialStart")


@_attrs_define
class SocialStart:
    """Where the app is sent back to, and the challenge (S256) of a verifier that it keeps.

    Attributes:
        redirect_uri (str):
        code_challenge (str):
        mode (Mode | Unset): What an attempt is for; its code is good for nothing else.
    """

    redirect_uri: str
    code_challenge: str
    mode: Mode | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        redirect_uri = self.redirect_uri

        code_challenge = self.code_challenge

        mode: str | Unset = UNSET
        if not isinstance(self.mode, Unset):
            mode = self.mode.value

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "redirect_uri": redirect_uri,
                "code_challenge": code_challenge,
            }
        )
        if mode is not UNSET:
            field_dict["mode"] = mode

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        redirect_uri = d.pop("redirect_uri")

        code_challenge = d.pop("code_challenge")

        _mode = d.pop("mode", UNSET)
        mode: Mode | Unset
        if isinstance(_mode, Unset):
            mode = UNSET
        else:
            mode = Mode(_mode)

        social_start = cls(
            redirect_uri=redirect_uri,
            code_challenge=code_challenge,
            mode=mode,
        )

        return social_start
