from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="SocialCode")


@_attrs_define
class SocialCode:
    """The code that came back, and the verifier of the challenge.

    Attributes:
        code (str):
        code_verifier (str):
    """

    code: str
    code_verifier: str

    def to_dict(self) -> dict[str, Any]:
        code = self.code

        code_verifier = self.code_verifier

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "code": code,
                "code_verifier": code_verifier,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        code = d.pop("code")

        code_verifier = d.pop("code_verifier")

        social_code = cls(
            code=code,
            code_verifier=code_verifier,
        )

        return social_code
