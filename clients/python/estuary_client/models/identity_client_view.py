from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..models.algorithm import Algorithm
from ..models.grant_type import GrantType

T = TypeVar("T", bound="IdentityClientView")


@_attrs_define
class IdentityClientView:
    """A client; redirects are compared as they are written. Until `former_secret_until` its former secret is good.

    Attributes:
        client_id (UUID):
        name (str):
        redirect_uris (list[str]):
        post_logout_redirect_uris (list[str]):
        backchannel_logout_uri (None | str):
        initiate_login_uri (None | str):
        grant_types (list[GrantType]):
        scopes (list[str]):
        owner_id (None | UUID):
        first_party (bool):
        public (bool):
        id_token_alg (Algorithm): What a key signs by: access tokens ES256 alone, ID tokens what their client asks for.
        former_secret_until (datetime.datetime | None):
        created_at (datetime.datetime):
        updated_at (datetime.datetime):
    """

    client_id: UUID
    name: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    backchannel_logout_uri: None | str
    initiate_login_uri: None | str
    grant_types: list[GrantType]
    scopes: list[str]
    owner_id: None | UUID
    first_party: bool
    public: bool
    id_token_alg: Algorithm
    former_secret_until: datetime.datetime | None
    created_at: datetime.datetime
    updated_at: datetime.datetime
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        client_id = str(self.client_id)

        name = self.name

        redirect_uris = self.redirect_uris

        post_logout_redirect_uris = self.post_logout_redirect_uris

        backchannel_logout_uri: None | str
        backchannel_logout_uri = self.backchannel_logout_uri

        initiate_login_uri: None | str
        initiate_login_uri = self.initiate_login_uri

        grant_types = []
        for grant_types_item_data in self.grant_types:
            grant_types_item = grant_types_item_data.value
            grant_types.append(grant_types_item)

        scopes = self.scopes

        owner_id: None | str
        if isinstance(self.owner_id, UUID):
            owner_id = str(self.owner_id)
        else:
            owner_id = self.owner_id

        first_party = self.first_party

        public = self.public

        id_token_alg = self.id_token_alg.value

        former_secret_until: None | str
        if isinstance(self.former_secret_until, datetime.datetime):
            former_secret_until = self.former_secret_until.isoformat()
        else:
            former_secret_until = self.former_secret_until

        created_at = self.created_at.isoformat()

        updated_at = self.updated_at.isoformat()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "client_id": client_id,
                "name": name,
                "redirect_uris": redirect_uris,
                "post_logout_redirect_uris": post_logout_redirect_uris,
                "backchannel_logout_uri": backchannel_logout_uri,
                "initiate_login_uri": initiate_login_uri,
                "grant_types": grant_types,
                "scopes": scopes,
                "owner_id": owner_id,
                "first_party": first_party,
                "public": public,
                "id_token_alg": id_token_alg,
                "former_secret_until": former_secret_until,
                "created_at": created_at,
                "updated_at": updated_at,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        client_id = UUID(d.pop("client_id"))

        name = d.pop("name")

        redirect_uris = cast(list[str], d.pop("redirect_uris"))

        post_logout_redirect_uris = cast(list[str], d.pop("post_logout_redirect_uris"))

        def _parse_backchannel_logout_uri(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        backchannel_logout_uri = _parse_backchannel_logout_uri(
            d.pop("backchannel_logout_uri")
        )

        def _parse_initiate_login_uri(data: object) -> None | str:
            if data is None:
                return data
            return cast(None | str, data)

        initiate_login_uri = _parse_initiate_login_uri(d.pop("initiate_login_uri"))

        grant_types = []
        _grant_types = d.pop("grant_types")
        for grant_types_item_data in _grant_types:
            grant_types_item = GrantType(grant_types_item_data)

            grant_types.append(grant_types_item)

        scopes = cast(list[str], d.pop("scopes"))

        def _parse_owner_id(data: object) -> None | UUID:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                owner_id_type_0 = UUID(data)

                return owner_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | UUID, data)

        owner_id = _parse_owner_id(d.pop("owner_id"))

        first_party = d.pop("first_party")

        public = d.pop("public")

        id_token_alg = Algorithm(d.pop("id_token_alg"))

        def _parse_former_secret_until(data: object) -> datetime.datetime | None:
            if data is None:
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                former_secret_until_type_0 = datetime.datetime.fromisoformat(data)

                return former_secret_until_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(datetime.datetime | None, data)

        former_secret_until = _parse_former_secret_until(d.pop("former_secret_until"))

        created_at = datetime.datetime.fromisoformat(d.pop("created_at"))

        updated_at = datetime.datetime.fromisoformat(d.pop("updated_at"))

        identity_client_view = cls(
            client_id=client_id,
            name=name,
            redirect_uris=redirect_uris,
            post_logout_redirect_uris=post_logout_redirect_uris,
            backchannel_logout_uri=backchannel_logout_uri,
            initiate_login_uri=initiate_login_uri,
            grant_types=grant_types,
            scopes=scopes,
            owner_id=owner_id,
            first_party=first_party,
            public=public,
            id_token_alg=id_token_alg,
            former_secret_until=former_secret_until,
            created_at=created_at,
            updated_at=updated_at,
        )

        identity_client_view.additional_properties = d
        return identity_client_view

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
