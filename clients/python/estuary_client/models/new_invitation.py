from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="NewInvitation")


@_attrs_define
class NewInvitation:
    """Who is invited, and which roles they get once they accept.

    Attributes:
        email (str):
        roles (list[str]):
    """

    email: str
    roles: list[str]

    def to_dict(self) -> dict[str, Any]:
        email = self.email

        roles = self.roles

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "email": email,
                "roles": roles,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        email = d.pop("email")

        roles = cast(list[str], d.pop("roles"))

        new_invitation = cls(
            email=email,
            roles=roles,
        )

        return new_invitation
