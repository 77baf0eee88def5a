"""Bodies about clients."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field, StrictBool, StringConstraints
from pydantic_core import PydanticCustomError

from services.identity.keys.domain import Algorithm
from services.identity.oauth.clients.domain import (
    LONGEST_URI,
    MOST_URIS,
    OPENID,
    GrantType,
    is_page,
    is_redirect,
)
from shared.web.http import Body, Text, UtcTime, View


def _redirect(uri: str) -> str:
    if not is_redirect(uri):
        raise PydanticCustomError("redirect_not_allowed", "Name an exact address by https, localhost or private scheme")
    return uri


def _page(uri: str) -> str:
    if not is_page(uri):
        raise PydanticCustomError("redirect_not_allowed", "Name an exact address by https, or on localhost")
    return uri


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


Address = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_URI)]
Redirect = Annotated[Address, AfterValidator(_redirect)]
Redirects = Annotated[list[Redirect], Field(max_length=MOST_URIS)]
Scope = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Name = Annotated[Text, StringConstraints(min_length=1, max_length=100)]


class NewClient(Body):
    """An app that signs people in. `owner_id` is the account for which it speaks by client_credentials.

    A `first_party` client is ours: people are not asked whether they allow it, and it may have the scope `session`. A
    `public` one cannot keep a secret, and has none.
    """

    name: Name
    redirect_uris: Redirects = Field(default_factory=list)
    post_logout_redirect_uris: Redirects = Field(default_factory=list)
    backchannel_logout_uri: Address | None = None
    initiate_login_uri: Annotated[Address, AfterValidator(_page)] | None = None
    grant_types: Annotated[list[GrantType], Field(min_length=1, max_length=3)] = Field(
        default_factory=lambda: [GrantType.CODE]
    )
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=40)] = Field(default_factory=lambda: [OPENID])
    owner_id: UUID | None = None
    first_party: StrictBool = False
    public: StrictBool = False
    id_token_alg: Algorithm = Algorithm.RS256


class ClientChange(NewClient):
    """What is to be different; what is not given stays."""

    name: Name = Field(default="", json_schema_extra=_without_default)


class ClientView(View):
    """A client; redirects are compared as they are written. Until `former_secret_until` its former secret is good."""

    client_id: UUID = Field(validation_alias="id")
    name: str
    redirect_uris: list[str]
    post_logout_redirect_uris: list[str]
    backchannel_logout_uri: str | None
    initiate_login_uri: str | None
    grant_types: list[GrantType]
    scopes: list[str]
    owner_id: UUID | None
    first_party: bool
    public: bool
    id_token_alg: Algorithm
    former_secret_until: UtcTime | None = Field(validation_alias="former_until")
    created_at: UtcTime
    updated_at: UtcTime


class CreatedClient(ClientView):
    """The new one, with its secret, which is shown only here; null for a public client."""

    client_secret: str | None = None


class NewSecret(View):
    """The new secret, which is shown only here; the former one is good until then."""

    client_secret: str
    former_secret_until: UtcTime | None
