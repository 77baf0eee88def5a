"""Apple: the way back is a posted form, the client's secret a signed JWT, and the name comes the first time alone."""

from collections.abc import Mapping
from typing import Any, ClassVar

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey
from starlette.requests import Request

from estuary.sandbox.oidc.errors import OAuthRefusal
from estuary.sandbox.oidc.openid import OpenIdProvider
from estuary.sandbox.oidc.people import Person
from estuary.sandbox.oidc.provider import AuthorizationRequest
from services.identity.providers.sandbox import APPLE_KEY_ID, APPLE_TEAM_ID
from shared.records.clock import machine_now

LONGEST_LIFE = 15_777_000
"""Seconds that a client's secret may live: six months."""


class Apple(OpenIdProvider):
    """As https://appleid.apple.com. The client's secret is checked by `client_key`."""

    name, title = "apple", "Apple"
    authorize_path, token_path, keys_path = "/auth/authorize", "/auth/token", "/auth/keys"
    revoke_path = "/auth/revoke"
    denied: ClassVar = {"error": "user_cancelled_authorize"}
    client_key: ECKey

    def check(self, asked: AuthorizationRequest) -> None:
        """Name and address are only ever posted; `openid` is not asked for."""
        if asked.query.get("response_type") != "code":
            raise OAuthRefusal("unsupported_response_type")
        if asked.scopes & {"name", "email"} and asked.query.get("response_mode") != "form_post":
            raise OAuthRefusal(
                "invalid_request", "response_mode must be form_post when name or email scope is requested"
            )

    async def beside_code(self, asked: AuthorizationRequest, person: Person) -> dict[str, str]:
        """`user`, with the name, the first time."""
        if not await self.grants.consents_first(person.sub) or not asked.scopes & {"name", "email"}:
            return {}
        user: dict[str, Any] = {"email": person.email} if person.email else {}
        if "name" in asked.scopes:
            user["name"] = {"firstName": person.given_name, "lastName": person.family_name}
        return {"user": orjson.dumps(user).decode()}

    def check_client(self, request: Request, form: Mapping[str, str]) -> None:
        """The secret is a JWT of the team, signed by its key, for this provider and client."""
        secret, now = form.get("client_secret", ""), int(machine_now().timestamp())
        try:
            found = jwt.decode(secret, self.client_key, algorithms=["ES256"])
        except (JoseError, ValueError):
            raise OAuthRefusal("invalid_client", "The secret is no JWT of this client.") from None
        claims = found.claims
        named = (found.header.get("kid"), claims.get("iss"), claims.get("sub"), claims.get("aud"))
        right = named == (APPLE_KEY_ID, APPLE_TEAM_ID, self.client.id, self.issuer)
        expires = claims.get("exp")
        if not (right and isinstance(expires, int) and now < expires <= now + LONGEST_LIFE):
            raise OAuthRefusal("invalid_client", "The secret is of another client, or has expired.")
        if form.get("client_id") != self.client.id:
            raise OAuthRefusal("invalid_client")

    def claims(self, person: Person, scopes: frozenset[str]) -> dict[str, Any]:
        """The address, with a flag that is a text; never the name."""
        found: dict[str, Any] = {"sub": person.sub}
        if "email" in scopes and person.email:
            found |= {"email": person.email, "email_verified": str(person.email_verified).lower()}
            found["is_private_email"] = str(person.email.endswith("@privaterelay.appleid.com")).lower()
        return found
