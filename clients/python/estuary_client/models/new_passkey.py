from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define

if TYPE_CHECKING:
    from ..models.new_passkey_credential import NewPasskeyCredential


T = TypeVar("T", bound="NewPasskey")


@_attrs_define
class NewPasskey:
    """What the browser made of the options.

    Attributes:
        ticket (str):
        name (str):
        credential (NewPasskeyCredential):
    """

    ticket: str
    name: str
    credential: NewPasskeyCredential

    def to_dict(self) -> dict[str, Any]:
        ticket = self.ticket

        name = self.name

        credential = self.credential.to_dict()

        field_dict: dict[str, Any] = {}

        field_dict.update(
            {
                "ticket": ticket,
                "name": name,
                "credential": credential,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.new_passkey_credential import NewPasskeyCredential

        d = dict(src_dict)
        ticket = d.pop("ticket")

        name = d.pop("name")

        credential = NewPasskeyCredential.from_dict(d.pop("credential"))

        new_passkey = cls(
            ticket=ticket,
            name=name,
            credential=credential,
        )

        return new_passkey
