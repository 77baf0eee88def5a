"""The core itself: made for one case, asked once."""

from typing import Any

from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc6749 import (
    AuthorizationServer,
    InvalidClientError,
    InvalidRequestError,
    OAuth2Error,
    UnsupportedResponseTypeError,
)
from authlib.oauth2.rfc9207 import IssuerParameter

from services.identity.oauth.protocol.cases import Answer, Case, Minted
from services.identity.oauth.protocol.client import CoreClient
from services.identity.oauth.protocol.grants import CodeGrant, CredentialsGrant, IdTokens, RefreshGrant, S256Only
from services.identity.oauth.protocol.requests import CoreRequest

WRONG_CLIENT = "There is no such client, or its secret is missing or wrong."


class Core(AuthorizationServer):  # type: ignore[misc]  # Authlib has no types
    """Authlib's server with everything that it would look up at hand, and nothing that it could store in."""

    def __init__(self, case: Case) -> None:
        super().__init__()
        self.case = case
        known = case.client
        self.client = None if known is None else CoreClient(known, former_is_good=case.former_secret_is_good)
        self.register_token_generator("default", self._mint)
        self.register_grant(CodeGrant, [S256Only(required=True), IdTokens(case)])
        self.register_grant(RefreshGrant, [IdTokens(case)])
        self.register_grant(CredentialsGrant)
        self.register_extension(Issuer(case.issuer))

    def get_authorization_grant(self, request: CoreRequest) -> Any:
        """As Authlib's, but that a missing response_type is an invalid request (RFC 6749, 4.1.2.1)."""
        try:
            return super().get_authorization_grant(request)
        except UnsupportedResponseTypeError as error:
            if request.field("response_type"):
                raise
            raise InvalidRequestError("response_type is missing.", redirect_uri=error.redirect_uri) from None

    def query_client(self, client_id: str) -> CoreClient | None:
        """The one that was loaded, if it is that one."""
        return self.client if self.client is not None and self.client.get_client_id() == client_id else None

    def authenticate_client(self, request: CoreRequest, methods: Any, endpoint: str = "token") -> CoreClient:
        """The client that asks; raises InvalidClientError in words for its makers."""
        try:
            client: CoreClient = super().authenticate_client(request, methods, endpoint)
        except InvalidClientError as error:
            error.description = WRONG_CLIENT
            raise
        return client

    def save_token(self, token: Minted, request: CoreRequest) -> None:
        """Stored by who asked."""
        request.outcome = token

    def create_oauth2_request(self, request: CoreRequest) -> CoreRequest:
        """It is one."""
        return request

    def handle_response(self, status: int, body: Any, headers: Any) -> Answer:
        """As an answer of ours."""
        return Answer(status, body, dict(headers))

    def send_signal(self, *_: Any, **__: Any) -> None:
        """Nobody listens."""

    def refusal(self, error: OAuth2Error) -> Answer:
        """The error as an answer; where the browser goes back with it, our name goes along (RFC 9207)."""
        answer: Answer = self.handle_error_response(None, error)
        if answer.location is not None:
            answer.location = add_params_to_uri(answer.location, {"iss": self.case.issuer})
        return answer

    def _mint(self, scope: str, include_refresh_token: bool, **_: Any) -> Minted:
        assert self.case.mint is not None
        minted = self.case.mint(scope)
        if not include_refresh_token:
            minted.pop("refresh_token", None)
        return minted


class Issuer(IssuerParameter):  # type: ignore[misc]  # Authlib has no types
    """Our name in every redirect, so that a client knows which of its providers answered."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer

    def get_issuer(self) -> str:
        """The public address."""
        return self._issuer
