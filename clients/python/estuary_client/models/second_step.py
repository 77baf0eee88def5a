from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.second_step_method import SecondStepMethod
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.second_step_credential_type_0 import SecondStepCredentialType0


T = TypeVar("T", bound="SecondStep")


@_attrs_define
class SecondStep:
    """The second step of a sign-in: a code, or what the browser made of the options.

    Attributes:
        ticket (str):
        method (SecondStepMethod):
        code (None | str | Unset):
        credential (None | SecondStepCredentialType0 | Unset):
    """

    ticket: str
    method: SecondStepMethod
    code: None | str | Unset = UNSET
    credential: None | SecondStepCredentialType0 | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.second_step_credential_type_0 import SecondStepCredentialType0

        ticket = self.ticket

        method = self.method.value

        code: None | str | Unset
        if isinstance(self.code, Unset):
            code = UNSET
        else:
            code = self.code

        credential: dict[str, Any] | None | Unset
        if isinstance(self.credential, Unset):
            credential = UNSET
        elif isinstance(self.credential, SecondStepCredentialType0):
            credential = self.credential.to_dict()
        else:
            credential = self.credential

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "ticket": ticket,
                "method": method,
            }
        )
        if code is not UNSET:
            field_dict["code"] = code
        if credential is not UNSET:
            field_dict["credential"] = credential

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.second_step_credential_type_0 import SecondStepCredentialType0

        d = dict(src_dict)
        ticket = d.pop("ticket")

        method = SecondStepMethod(d.pop("method"))

        def _parse_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        code = _parse_code(d.pop("code", UNSET))

        def _parse_credential(data: object) -> None | SecondStepCredentialType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                credential_type_0 = SecondStepCredentialType0.from_dict(data)

                return credential_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | SecondStepCredentialType0 | Unset, data)

        credential = _parse_credential(d.pop("credential", UNSET))

        second_step = cls(
            ticket=ticket,
            method=method,
            code=code,
            credential=credential,
        )

        return second_step
