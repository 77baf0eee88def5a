from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar, cast
from uuid import UUID

from attrs import define as _attrs_define

from ..models.algorithm import Algorithm
from ..models.grant_type import GrantType
from ..types import UNSET, Unset

T = TypeVar("T", bound="ClientChange")


@_attrs_define
class ClientChange:
    """What is to be different; what is not given stays.

    Attributes:
        name (str | Unset):
        redirect_uris (list[str] | Unset):
        post_logout_redirect_uris (list[str] | Unset):
        backchannel_logout_uri (None | str | Unset):
        initiate_login_uri (None | str | Unset):
        grant_types (list[GrantType] | Unset):
        scopes (list[str] | Unset):
        owner_id (None | Unset | UUID):
        first_party (bool | Unset):  Default: False.
        public (bool | Unset):  Default: False.
        id_token_alg (Algorithm | Unset): What a key signs by: access tokens ES256 alone, ID tokens what their client
            asks for.
    """

    name: str | Unset = UNSET
    redirect_uris: list[str] | Unset = UNSET
    post_logout_redirect_uris: list[str] | Unset = UNSET
    backchannel_logout_uri: None | str | Unset = UNSET
    initiate_login_uri: None | str | Unset = UNSET
    grant_types: list[GrantType] | Unset = UNSET
    scopes: list[str] | Unset = UNSET
    owner_id: None | Unset | UUID = UNSET
    first_party: bool | Unset = False
    public: bool | Unset = False
    id_token_alg: Algorithm | Unset = UNSET

    def to_dict(self) -> dict[str, Any]:
        name = self.name

        redirect_uris: list[str] | Unset = UNSET
        if not isinstance(self.redirect_uris, Unset):
            redirect_uris = self.redirect_uris

        post_logout_redirect_uris: list[str] | Unset = UNSET
        if not isinstance(self.post_logout_redirect_uris, Unset):
            post_logout_redirect_uris = self.post_logout_redirect_uris

        backchannel_logout_uri: None | str | Unset
        if isinstance(self.backchannel_logout_uri, Unset):
            backchannel_logout_uri = UNSET
        else:
            backchannel_logout_uri = self.backchannel_logout_uri

        initiate_login_uri: None | str | Unset
        if isinstance(self.initiate_login_uri, Unset):
            initiate_login_uri = UNSET
        else:
            initiate_login_uri = self.initiate_login_uri

        grant_types: list[str] | Unset = UNSET
        if not isinstance(self.grant_types, Unset):
            grant_types = []
            for grant_types_item_data in self.grant_types:
                grant_types_item = grant_types_item_data.value
                grant_types.append(grant_types_item)

        scopes: list[str] | Unset = UNSET
        if not isinstance(self.scopes, Unset):
            scopes = self.scopes

        owner_id: None | str | Unset
        if isinstance(self.owner_id, Unset):
            owner_id = UNSET
        elif isinstance(self.owner_id, UUID):
            owner_id = str(self.owner_id)
        else:
            owner_id = self.owner_id

        first_party = self.first_party

        public = self.public

        id_token_alg: str | Unset = UNSET
        if not isinstance(self.id_token_alg, Unset):
            id_token_alg = self.id_token_alg.value

        field_dict: dict[str, Any] = {}

        field_dict.update({})
        if name is not UNSET:
            field_dict["name"] = name
        if redirect_uris is not UNSET:
            field_dict["redirect_uris"] = redirect_uris
        if post_logout_redirect_uris is not UNSET:
            field_dict["post_logout_redirect_uris"] = post_logout_redirect_uris
        if backchannel_logout_uri is not UNSET:
            field_dict["backchannel_logout_uri"] = backchannel_logout_uri
        if initiate_login_uri is not UNSET:
            field_dict["initiate_login_uri"] = initiate_login_uri
        if grant_types is not UNSET:
            field_dict["grant_types"] = grant_types
        if scopes is not UNSET:
            field_dict["scopes"] = scopes
        if owner_id is not UNSET:
            field_dict["owner_id"] = owner_id
        if first_party is not UNSET:
            field_dict["first_party"] = first_party
        if public is not UNSET:
            field_dict["public"] = public
        if id_token_alg is not UNSET:
            field_dict["id_token_alg"] = id_token_alg

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        name = d.pop("name", UNSET)

        redirect_uris = cast(list[str], d.pop("redirect_uris", UNSET))

        post_logout_redirect_uris = cast(
            list[str], d.pop("post_logout_redirect_uris", UNSET)
        )

        def _parse_backchannel_logout_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        backchannel_logout_uri = _parse_backchannel_logout_uri(
            d.pop("backchannel_logout_uri", UNSET)
        )

        def _parse_initiate_login_uri(data: object) -> None | str | Unset:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            return cast(None | str | Unset, data)

        initiate_login_uri = _parse_initiate_login_uri(
            d.pop("initiate_login_uri", UNSET)
        )

        _grant_types = d.pop("grant_types", UNSET)
        grant_types: list[GrantType] | Unset = UNSET
        if _grant_types is not UNSET:
            grant_types = []
            for grant_types_item_data in _grant_types:
                grant_types_item = GrantType(grant_types_item_data)

                grant_types.append(grant_types_item)

        scopes = cast(list[str], d.pop("scopes", UNSET))

        def _parse_owner_id(data: object) -> None | Unset | UUID:
            if data is None:
                return data
            if isinstance(data, Unset):
                return data
            try:
                if not isinstance(data, str):
                    raise TypeError()
                owner_id_type_0 = UUID(data)

                return owner_id_type_0
            except (TypeError, ValueError, AttributeError, KeyError):
                pass
            return cast(None | Unset | UUID, data)

        owner_id = _parse_owner_id(d.pop("owner_id", UNSET))

        first_party = d.pop("first_party", UNSET)

        public = d.pop("public", UNSET)

        _id_token_alg = d.pop("id_token_alg", UNSET)
        id_token_alg: Algorithm | Unset
        if isinstance(_id_token_alg, Unset):
            id_token_alg = UNSET
        else:
            id_token_alg = Algorithm(_id_token_alg)

        client_change = cls(
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
        )

        return client_change
