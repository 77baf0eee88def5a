from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define

from ..models.step_up_method import StepUpMethod
from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.step_up_credential_type_0 import StepUpCredentialType0


T = TypeVar("T", bound="StepUp")


@_attrs_define
class StepUp:
    """A proof by who is signed in: by code, by passkey (what the browser made of the options), or by password.

    Attributes:
        method (StepUpMethod):
        code (None | str | Unset):
        ticket (None | str | Unset):
        credential (None | StepUpCredentialType0 | Unset):
        password (None | str | Unset):
    """

    method: StepUpMethod
    code: None | str | Unset = UNSET
    ticket: None | str | Unset = UNSET
    credential: None | StepUpCredentialType0 | Unset = UNSET
    password: None | str | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        from ..models.step_up_credential_type_0 import StepUpCredentialType0

        method = self.method.value

        code: None | str | Unset
        if isinstance(self.code, Unset):
            code = UNSET
        else:
            code = self.code

        ticket: None | str | Unset
        if isinstance(self.ticket, Unset):
            ticket = UNSET
        else:
            ticket = self.ticket

        credential: dict[str, Any] | None | Unset
        if isinstance(self.credential, Unset):
            credential = UNSET
        elif isinstance(self.credential, StepUpCredentialType0):
            credential = self.credential.to_dict()
        else:
            credential = self.credential

        password: None | str | Unset
        if isinstance(self.password, Unset):
            password = UNSET
        else:
            password = self.password

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "method": method,
            }
        )
        if code is not UNSET:
            field_dict["code"] = code
        if ticket is not UNSET:
            field_dict["ticket"] = ticket
        if credential is not UNSET:
            field_dict["credential"] = credential
        if password is not UNSET:
            field_dict["password"] = password

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.step_up_credential_type_0 import StepUpCredentialType0

        d = dict(src_dict)
        method = StepUpMethod(d.pop("method"))

        def _parse_code(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        code = _parse_code(d.pop("code", UNSET))

        def _parse_ticket(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        ticket = _parse_ticket(d.pop("ticket", UNSET))

        def _parse_credential(data: object) -> None | StepUpCredentialType0 | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, dict):
                    raise TypeError()
                credential_type_0 = StepUpCredentialType0.from_dict(data)

                return credential_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | StepUpCredentialType0 | Unset, data)

        credential = _parse_credential(d.pop("credential", UNSET))

        def _parse_password(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        password = _parse_password(d.pop("password", UNSET))

        step_up = cls(
            method=method,
            code=code,
            ticket=ticket,
            credential=credential,
            password=password,
        )

        return step_up
