"""Acme: a plain provider of OpenID Connect, as an organisation runs one; PKCE is a must, the secret by HTTP Basic."""

from collections.abc import Mapping

from starlette.requests import Request

from estuary.sandbox.oidc.errors import OAuthRefusal
from estuary.sandbox.oidc.openid import OpenIdProvider
from estuary.sandbox.oidc.provider import AuthorizationRequest, basic_credentials


class Acme(OpenIdProvider):
    """By the book."""

    name, title = "acme", "Acme"
    authorize_path, token_path, keys_path = "/authorize", "/token", "/jwks"
    userinfo_path, revoke_path = "/userinfo", "/revoke"
    sends_issuer = True
    secret_by = ("client_secret_basic",)

    def check(self, asked: AuthorizationRequest) -> None:
        """A challenge is needed."""
        super().check(asked)
        if not asked.challenge:
            raise OAuthRefusal("invalid_request", "code_challenge is needed")

    def check_client(self, request: Request, form: Mapping[str, str]) -> None:
        """By HTTP Basic alone."""
        self.check_secret(*basic_credentials(request))
