from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define

T = TypeVar("T", bound="IdentityAgreement")


@_attrs_define
class IdentityAgreement:
    """A document that is agreed to with the registration.

    Attributes:
        purpose (str):
        version (int):
    """

    purpose: str
    version: int

    def to_dict(self) -> dict[str, Any]:
        purpose = self.purpose

        version = self.version

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "purpose": purpose,
                "version": version,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        purpose = d.pop("purpose")

        version = d.pop("version")

        identity_agreement = cls(
            purpose=purpose,
            version=version,
        )

        return identity_agreement
