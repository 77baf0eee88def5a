from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="BodyReturnFromProviderPosted")


@_attrs_define
class BodyReturnFromProviderPosted:
    """
    Attributes:
        state (str | Unset):  Default: ''.
        code (str | Unset):  Default: ''.
        error (str | Unset):  Default: ''.
        iss (str | Unset):  Default: ''.
        user (str | Unset):  Default: ''.
    """

    state: str | Unset = ""
    code: str | Unset = ""
    error: str | Unset = ""
    iss: str | Unset = ""
    user: str | Unset = ""
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        state = self.state

        code = self.code

        error = self.error

        iss = self.iss

        user = self.user

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update({})
        if state is not UNSET:
            field_dict["state"] = state
        if code is not UNSET:
            field_dict["code"] = code
        if error is not UNSET:
            field_dict["error"] = error
        if iss is not UNSET:
            field_dict["iss"] = iss
        if user is not UNSET:
            field_dict["user"] = user

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        state = d.pop("state", UNSET)

        code = d.pop("code", UNSET)

        error = d.pop("error", UNSET)

        iss = d.pop("iss", UNSET)

        user = d.pop("user", UNSET)

        body_return_from_provider_posted = cls(
            state=state,
            code=code,
            error=error,
            iss=iss,
            user=user,
        )

        body_return_from_provider_posted.additional_properties = d
        return body_return_from_provider_posted

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
