"""Facebook: OAuth 2 without ID tokens; who it was is asked of the Graph, which says nothing about a proof."""

import hashlib
import hmac
from typing import Any, ClassVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from estuary.sandbox.oidc.errors import OAuthRefusal
from estuary.sandbox.oidc.people import Person
from estuary.sandbox.oidc.provider import ACCESS_LIFE, Endpoint, Provider, form_of, json

VERSION = "/v23.0"


class Facebook(Provider):
    """As https://www.facebook.com and https://graph.facebook.com, at one address."""

    name, title = "facebook", "Facebook"
    authorize_path = f"{VERSION}/dialog/oauth"
    denied: ClassVar = {
        "error": "access_denied",
        "error_code": "200",
        "error_description": "Permissions error",
        "error_reason": "user_denied",
    }

    def routes(self) -> list[Route]:
        """Dialog and Graph."""
        return [
            *super().routes(),
            Route(f"{VERSION}/oauth/access_token", _in_graph_form(self.token), methods=["GET", "POST"]),
            Route(f"{VERSION}/me", _in_graph_form(self.me), methods=["GET"]),
            Route(f"{VERSION}/me/permissions", _in_graph_form(self.revoke), methods=["DELETE"]),
        ]

    async def token(self, request: Request) -> Response:
        """A code becomes an access token; parameters in the query or in a form."""
        form = {**request.query_params, **await form_of(request)}
        self.check_secret(form.get("client_id", ""), form.get("client_secret", ""))
        granted = await self.spend_code(form)
        token = await self.grants.add("access", granted, ACCESS_LIFE)
        return json({"access_token": token, "token_type": "bearer", "expires_in": 5_183_944})

    async def me(self, request: Request) -> Response:
        """The fields that are asked for, those that the person granted; without an address there is none."""
        granted = await self.person_of(request)
        self._check_proof(request)
        found = self._fields(Person.of(granted), frozenset(granted["scopes"]))
        wanted = [name.strip() for name in request.query_params.get("fields", "id,name").split(",")]
        return json({name: found[name] for name in dict.fromkeys(["id", *wanted]) if name in found})

    def _fields(self, person: Person, scopes: frozenset[str]) -> dict[str, Any]:
        found = {"id": person.sub, "name": person.name, "first_name": person.given_name}
        found["last_name"] = person.family_name
        if "email" in scopes:
            found["email"] = person.email
        return {name: value for name, value in found.items() if value}

    def _check_proof(self, request: Request) -> None:
        token = request.headers["authorization"].partition(" ")[2]
        proof = hmac.new(self.client.secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        if request.query_params.get("appsecret_proof", proof) != proof:
            raise OAuthRefusal("invalid_request", "Invalid appsecret_proof provided in the API argument")

    async def revoke(self, request: Request) -> Response:
        """Takes back what the person granted."""
        await self.person_of(request)
        await self.grants.revoke(request.headers["authorization"].partition(" ")[2])
        return json({"success": True})


def _in_graph_form(endpoint: Endpoint) -> Endpoint:
    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except OAuthRefusal as refusal:
            kind = {"type": "OAuthException", "code": 190 if refusal.status == 401 else 100}
            return json({"error": {"message": refusal.description or refusal.error, **kind}}, refusal.status)

    return answer
