from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.passkey_sign_in_credential import PasskeySignInCredential


T = TypeVar("T", bound="PasskeySignIn")


@_attrs_define
class PasskeySignIn:
    """What the browser made of the options.

    Attributes:
        ticket (str):
        credential (PasskeySignInCredential):
    """

    ticket: str
    credential: PasskeySignInCredential

    def to_dict(self) -> dict[str, Any]:
        ticket = self.ticket

        credential = self.credential.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "ticket": ticket,
                "credential": credential,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.passkey_sign_in_credential import PasskeySignInCredential

        d = dict(src_dict)
        ticket = d.pop("ticket")

        credential = PasskeySignInCredential.from_dict(d.pop("credential"))

        passkey_sign_in = cls(
            ticket=ticket,
            credential=credential,
        )

        return passkey_sign_in
