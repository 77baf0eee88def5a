"""A provider of OpenID Connect: discovery, signed ID tokens, userinfo."""

from collections.abc import Mapping
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from estuary.sandbox.oidc.errors import OAuthRefusal
from estuary.sandbox.oidc.grants import Data
from estuary.sandbox.oidc.keys import SigningKey
from estuary.sandbox.oidc.people import Person
from estuary.sandbox.oidc.provider import (
    ACCESS_LIFE,
    REFRESH_LIFE,
    AuthorizationRequest,
    Provider,
    form_of,
    in_json,
    json,
)
from shared.records.clock import machine_now

DISCOVERY = "/.well-known/openid-configuration"


class OpenIdProvider(Provider):
    """One that signs ID tokens."""

    token_path: ClassVar[str]
    keys_path: ClassVar[str]
    userinfo_path: ClassVar[str | None] = None
    revoke_path: ClassVar[str | None] = None
    sends_issuer: ClassVar[bool] = False
    secret_by: ClassVar[tuple[str, ...]] = ("client_secret_post",)
    key: SigningKey

    def routes(self) -> list[Route]:
        """Its paths below the issuer."""
        more = [
            Route(DISCOVERY, self.discovery, methods=["GET"]),
            Route(self.keys_path, self.published_keys, methods=["GET"]),
            Route(self.token_path, in_json(self.token), methods=["POST"]),
        ]
        if self.userinfo_path:
            more.append(Route(self.userinfo_path, in_json(self.userinfo), methods=["GET", "POST"]))
        if self.revoke_path:
            more.append(Route(self.revoke_path, in_json(self.revoke), methods=["POST"]))
        return [*super().routes(), *more]

    async def discovery(self, _: Request) -> Response:
        """What clients may know without asking a person."""
        paths = {
            "authorization_endpoint": self.authorize_path,
            "token_endpoint": self.token_path,
            "jwks_uri": self.keys_path,
            "userinfo_endpoint": self.userinfo_path,
            "revocation_endpoint": self.revoke_path,
        }
        found: dict[str, Any] = {"issuer": self.issuer}
        found |= {name: self.issuer + path for name, path in paths.items() if path}
        found |= {
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [self.key.algorithm],
            "token_endpoint_auth_methods_supported": list(self.secret_by),
            "scopes_supported": ["openid", "email", "profile"],
            "code_challenge_methods_supported": ["S256"],
        }
        if self.sends_issuer:
            found["authorization_response_iss_parameter_supported"] = True
        return json(found)

    async def published_keys(self, _: Request) -> Response:
        """The keys that its ID tokens are checked with."""
        return json(self.key.published())

    def check(self, asked: AuthorizationRequest) -> None:
        """Scope `openid` is needed."""
        super().check(asked)
        if "openid" not in asked.scopes:
            raise OAuthRefusal("invalid_scope", "scope has to name openid")

    def back(self, asked: AuthorizationRequest, fields: Mapping[str, str]) -> Response:
        """With the issuer (RFC 9207), where the provider names it: in errors too."""
        return super().back(asked, {**fields, "iss": self.issuer} if self.sends_issuer else fields)

    async def token(self, request: Request) -> Response:
        """A code, or a refresh token, becomes tokens."""
        form = await form_of(request)
        self.check_client(request, form)
        if form.get("grant_type") == "authorization_code":
            granted = await self.spend_code(form)
            refresh = {"refresh_token": await self.grants.add("refresh", granted, REFRESH_LIFE)}
        elif form.get("grant_type") == "refresh_token":
            found = await self.grants.find("refresh", form.get("refresh_token", ""))
            if found is None:
                raise OAuthRefusal("invalid_grant", "The refresh token is unknown or was revoked.")
            granted, refresh = {**found, "nonce": ""}, {}
        else:
            raise OAuthRefusal("unsupported_grant_type")
        return json({**await self._tokens(granted), **refresh})

    def check_client(self, request: Request, form: Mapping[str, str]) -> None:
        """Raises OAuthRefusal for a client whose secret is not right."""
        self.check_secret(form.get("client_id", ""), form.get("client_secret", ""))

    async def _tokens(self, granted: Data) -> dict[str, Any]:
        return {
            "access_token": await self.grants.add("access", granted, ACCESS_LIFE),
            "token_type": "Bearer",
            "expires_in": int(ACCESS_LIFE.total_seconds()),
            "id_token": self.id_token(granted),
        }

    def id_token(self, granted: Data) -> str:
        """Signed; who the person is, for the client and its nonce."""
        now = int(machine_now().timestamp())
        claims = {"iss": self.issuer, "aud": self.client.id, "iat": now, "exp": now + 3600}
        claims |= {"nonce": granted["nonce"]} if granted["nonce"] else {}
        return self.key.sign({**claims, **self.claims(Person.of(granted), frozenset(granted["scopes"]))})

    def claims(self, person: Person, scopes: frozenset[str]) -> dict[str, Any]:
        """What the provider says of a person to a client with these scopes."""
        found: dict[str, Any] = {"sub": person.sub}
        if "email" in scopes and person.email:
            found |= {"email": person.email, "email_verified": person.email_verified}
        if "profile" in scopes:
            names = {"name": person.name, "given_name": person.given_name, "family_name": person.family_name}
            found |= {name: value for name, value in names.items() if value}
        return found

    async def userinfo(self, request: Request) -> Response:
        """The same of the access token's person, unsigned."""
        granted = await self.person_of(request)
        return json(self.claims(Person.of(granted), frozenset(granted["scopes"])))

    async def revoke(self, request: Request) -> Response:
        """Ends what the token's person has granted; an unknown token is fine (RFC 7009)."""
        form = await form_of(request)
        self.check_client(request, form)
        await self.grants.revoke(form.get("token", ""))
        return Response(status_code=200)
