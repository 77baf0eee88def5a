from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MfaState")


@_attrs_define
class MfaState:
    """Whether a sign-in asks for a second factor, and what the account has: `passkeys` counts them.

    Attributes:
        enabled (bool):
        totp (bool):
        passkeys (int):
        recovery_codes_left (int):
    """

    enabled: bool
    totp: bool
    passkeys: int
    recovery_codes_left: int
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        totp = self.totp

        passkeys = self.passkeys

        recovery_codes_left = self.recovery_codes_left

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "enabled": enabled,
                "totp": totp,
                "passkeys": passkeys,
                "recovery_codes_left": recovery_codes_left,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        enabled = d.pop("enabled")

        totp = d.pop("totp")

        passkeys = d.pop("passkeys")

        recovery_codes_left = d.pop("recovery_codes_left")

        mfa_state = cls(
            enabled=enabled,
            totp=totp,
            passkeys=passkeys,
            recovery_codes_left=recovery_codes_left,
        )

        mfa_state.additional_properties = d
        return mfa_state

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
