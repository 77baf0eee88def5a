from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define

T = TypeVar("T", bound="GrantedRoles")


@_attrs_define
class GrantedRoles:
    """All roles that the account is to have of those that the caller may grant; the others it keeps.

    Attributes:
        reason (str):
        roles (list[str]):
    """

    reason: str
    roles: list[str]

    def to_dict(self) -> dict[str, Any]:
        reason = self.reason

        roles = self.roles

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "reason": reason,
                "roles": roles,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        reason = d.pop("reason")

        roles = cast(list[str], d.pop("roles"))

        granted_roles = cls(
            reason=reason,
            roles=roles,
        )

        return granted_roles
