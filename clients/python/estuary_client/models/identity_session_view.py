from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.identity_session_view_kind import IdentitySessionViewKind
from ..types import UNSET, Unset

T = TypeVar("T", bound="IdentitySessionView")


@_attrs_define
class IdentitySessionView:
    """A sign-in as its person sees it; `current` is the one that asks. `device` and `address` where they are known.

    `client_name` and `scopes` are those of an app that the person signed in to with this account. `impersonation`:
    staff act in the person's place, within `scopes`.

        Attributes:
            id (UUID):
            scopes (list[str]):
            device (None | str):
            address (None | str):
            methods (list[str]):
            created_at (datetime.datetime):
            last_used_at (datetime.datetime):
            expires_at (datetime.datetime):
            kind (IdentitySessionViewKind | Unset):  Default: IdentitySessionViewKind.SIGN_IN.
            current (bool | Unset):  Default: False.
            client_name (None | str | Unset):
    """

    id: UUID
    scopes: list[str]
    device: None | str
    address: None | str
    methods: list[str]
    created_at: datetime.datetime
    last_used_at: datetime.datetime
    expires_at: datetime.datetime
    kind: IdentitySessionViewKind | Unset = IdentitySessionViewKind.SIGN_IN
    current: bool | Unset = False
    client_name: None | str | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        id = str(self.id)

        scopes = self.scopes

        device: None | str
        device = self.device

        address: None | str
        address = self.address

        methods = self.methods

        created_at = self.created_at.isoformat()

        last_used_at = self.last_used_at.isoformat()

        expires_at = self.expires_at.isoformat()

        kind: str | Unset = UNSET
        if not isinstance(self.kind, Unset):
            kind = self.kind.value

        current = self.current

        client_name: None | str | Unset
        if isinstance(self.client_name, Unset):
            client_name = UNSET
        else:
            client_name = self.client_name

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "id": id,
                "scopes": scopes,
                "device": device,
                "address": address,
                "methods": methods,
                "created_at": created_at,
                "last_used_at": last_used_at,
                "expires_at": expires_at,
            }
        )
        if kind is not UNSET:
            field_dict["kind"] = kind
        if current is not UNSET:
            field_dict["current"] = current
        if client_name is not UNSET:
            field_dict["client_name"] = client_name

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        id = UUID(d.pop("id"))

        scopes = cast(list[str], d.pop("scopes"))

        def _parse_device(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        device = _parse_device(d.pop("device"))

        def _parse_address(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        address = _parse_address(d.pop("address"))

        methods = cast(list[str], d.pop("methods"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        last_used_at = datetime.datetime.fromisoformat(d.pop("last_used_at"))

        expires_at = datetime.datetime.fromisoformat(d.pop("expires_at"))

        _kind = d.pop("kind", UNSET)
        kind: IdentitySessionViewKind | Unset
        if isinstance(_kind, Unset):
            kind = UNSET
        else:
            kind = IdentitySessionViewKind(_kind)

        current = d.pop("current", UNSET)

        def _parse_client_name(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        client_name = _parse_client_name(d.pop("client_name", UNSET))

        identity_session_view = cls(
            id=id,
            scopes=scopes,
            device=device,
            address=address,
            methods=methods,
            created_at=created_at,
            last_used_at=last_used_at,
            expires_at=expires_at,
            kind=kind,
            current=current,
            client_name=client_name,
        )

        identity_session_view.additional_properties = d
        return identity_session_view

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
