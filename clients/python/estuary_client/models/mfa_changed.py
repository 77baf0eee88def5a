from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

T = TypeVar("T", bound="MfaChanged")


@_attrs_define
class MfaChanged:
    """The state, with recovery codes where new ones were made: they are shown once.

    Attributes:
        enabled (bool):
        totp (bool):
        passkeys (int):
        recovery_codes_left (int):
        recovery_codes (list[str] | None):
    """

    enabled: bool
    totp: bool
    passkeys: int
    recovery_codes_left: int
    recovery_codes: list[str] | None
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        enabled = self.enabled

        totp = self.totp

        passkeys = self.passkeys

        recovery_codes_left = self.recovery_codes_left

        recovery_codes: list[str] | None
        if isinstance(self.recovery_codes, list):
            recovery_codes = self.recovery_codes

        else:
            recovery_codes = self.recovery_codes

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "enabled": enabled,
                "totp": totp,
                "passkeys": passkeys,
                "recovery_codes_left": recovery_codes_left,
                "recovery_codes": recovery_codes,
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

        def _parse_recovery_codes(data: object) -> list[str] | None:
            if data is None:
                return data
            try:
                if not isinstance(data, list):
                    raise TypeError()
                recovery_codes_type_0 = cast(list[str], data)

                return recovery_codes_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(list[str] | None, data)

        recovery_codes = _parse_recovery_codes(d.pop("recovery_codes"))

        mfa_changed = cls(
            enabled=enabled,
            totp=totp,
            passkeys=passkeys,
            recovery_codes_left=recovery_codes_left,
            recovery_codes=recovery_codes,
        )

        mfa_changed.additional_properties = d
        return mfa_changed

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
