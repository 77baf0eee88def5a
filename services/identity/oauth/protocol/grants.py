"""The grants, with what Authlib leaves to its users."""

import time
from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, InvalidScopeError, UnauthorizedClientError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import UserInfo
from authlib.oidc.core.grants import OpenIDCode

from services.identity.oauth.clients.domain import OF_IDENTITY, WHOLE_SESSION
from services.identity.oauth.protocol.cases import Case, KnownCode, KnownRefresh, NewCode
from services.identity.sessions.domain import new_refresh_token

METHODS = ["client_secret_basic", "client_secret_post", "none"]
LONGEST_NONCE = 500
ID_TOKEN_SECONDS = 3600


class CodeGrant(AuthorizationCodeGrant):  # type: ignore[misc]  # Authlib has no types
    """A code for tokens."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS

    def generate_authorization_code(self) -> str:
        """256 random bits."""
        return new_refresh_token()

    def save_authorization_code(self, code: str, request: Any) -> None:
        """Stored by who asked."""
        data = request.payload.data
        request.outcome = NewCode(
            code, request.payload.redirect_uri, request.scope.split(), data.get("nonce"), data["code_challenge"]
        )

    def query_authorization_code(self, code: str, client: Any) -> KnownCode | None:
        """What was loaded, which is that client's."""
        case: Case = self.server.case
        return case.code

    def delete_authorization_code(self, code: KnownCode) -> None:
        """Used up by who asked."""

    def authenticate_user(self, code: KnownCode) -> str | None:
        """Whose it is."""
        case: Case = self.server.case
        return case.subject


class RefreshGrant(RefreshTokenGrant):  # type: ignore[misc]  # Authlib has no types
    """The next pair for a refresh token."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, token: str) -> KnownRefresh | None:
        """What was loaded."""
        case: Case = self.server.case
        return case.refresh

    def authenticate_user(self, token: KnownRefresh) -> str | None:
        """Whose it is."""
        case: Case = self.server.case
        return case.subject

    def revoke_old_credential(self, token: KnownRefresh) -> None:
        """Replaced by who asked."""


class CredentialsGrant(ClientCredentialsGrant):  # type: ignore[misc]  # Authlib has no types
    """Tokens for who owns a client. Nobody has signed in, so none of the scopes that are about that."""

    TOKEN_ENDPOINT_AUTH_METHODS = METHODS[:2]

    def validate_requested_scope(self) -> None:
        """Those that are asked for, else all that the client has."""
        if self.server.case.mint is None:
            raise UnauthorizedClientError("The account of this client is not in use.")
        own = [scope for scope in self.client.row.scopes if scope not in OF_IDENTITY | {WHOLE_SESSION}]
        asked = (self.request.payload.scope or " ".join(own)).split()
        if not asked or not set(asked) <= set(own):
            raise InvalidScopeError
        self.request.payload.named["scope"] = " ".join(dict.fromkeys(asked))


class S256Only(CodeChallenge):  # type: ignore[misc]  # Authlib has no types
    """PKCE from every client: Authlib by itself lets confidential ones pass without, and `plain` for all."""

    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: Any, redirect_uri: str) -> None:
        """Raises InvalidRequestError without a challenge by S256."""
        data = grant.request.payload.data
        if not data.get("code_challenge") or data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("PKCE with S256 is needed.")
        super().validate_code_challenge(grant, redirect_uri)


class IdTokens(OpenIDCode):  # type: ignore[misc]  # Authlib has no types
    """ID tokens: who signed in, when and how; all else is at /oauth/userinfo."""

    def __init__(self, case: Case) -> None:
        super().__init__(require_nonce=False)
        self._case = case

    def __call__(self, grant: Any) -> None:
        """Prompts are decided elsewhere: they count without `openid` too."""
        grant.register_hook("after_create_token_response", self.process_token)
        grant.register_hook("after_validate_authorization_request_payload", self.check_nonce)

    def check_nonce(self, grant: Any, redirect_uri: str) -> None:
        """Raises InvalidRequestError for one that is too long, or no text."""
        nonce = grant.request.payload.data.get("nonce") or ""
        if len(nonce) > LONGEST_NONCE or not nonce.isprintable():
            raise InvalidRequestError("The nonce cannot be stored.")

    def resolve_client_private_key(self, client: Any) -> Any:
        """The key of the client's algorithm."""
        return self._case.id_key

    def get_client_algorithm(self, client: Any) -> str:
        """As the client was registered."""
        return str(client.row.id_token_alg)

    def get_encode_header(self, client: Any) -> dict[str, str]:
        """With the key's id."""
        key = self.resolve_client_private_key(client)
        return {"alg": self.get_client_algorithm(client), "kid": key.kid, "typ": "JWT"}

    def get_client_claims(self, client: Any) -> dict[str, Any]:
        """For whom it is, and of which sign-in."""
        case, now = self._case, int(time.time())  # arch: allow machine-time: tokens live in machine time
        claims = {"iss": case.issuer, "aud": client.get_client_id(), "iat": now, "exp": now + ID_TOKEN_SECONDS}
        if case.sid is not None:
            claims["sid"] = case.sid
        if case.proof is not None:
            claims |= {"auth_time": case.proof.auth_time, "acr": case.proof.acr, "amr": list(case.proof.amr)}
        return claims

    def generate_user_info(self, user: str, scope: str) -> UserInfo:
        """The subject alone."""
        return UserInfo(sub=user)
