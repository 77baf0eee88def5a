"""Google: `hd` names the organisation's domain; the client's secret comes in the form or by HTTP Basic."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from estuary.sandbox.oidc.openid import OpenIdProvider
from estuary.sandbox.oidc.people import Person
from estuary.sandbox.oidc.provider import AuthorizationRequest, basic_credentials


class Google(OpenIdProvider):
    """As https://accounts.google.com."""

    name, title = "google", "Google"
    authorize_path, token_path, keys_path = "/o/oauth2/v2/auth", "/token", "/oauth2/v3/certs"
    userinfo_path, revoke_path = "/v1/userinfo", "/revoke"
    sends_issuer = True
    secret_by = ("client_secret_post", "client_secret_basic")

    async def beside_code(self, asked: AuthorizationRequest, person: Person) -> dict[str, str]:
        """The scopes, and which of the signed-in accounts it was."""
        more = {"scope": " ".join(sorted(asked.scopes)), "authuser": "0", "prompt": "consent"}
        return more | ({"hd": person.hd} if person.hd else {})

    def check_client(self, request: Request, form: Mapping[str, str]) -> None:
        """In the form, or by HTTP Basic."""
        given = basic_credentials(request)
        self.check_secret(*(given if any(given) else (form.get("client_id", ""), form.get("client_secret", ""))))

    def claims(self, person: Person, scopes: frozenset[str]) -> dict[str, Any]:
        """With `azp`, and `hd` for an account of an organisation."""
        found = {"azp": self.client.id, **super().claims(person, scopes)}
        return found | ({"hd": person.hd} if person.hd else {})
