"""A client as the core asks it."""

import hmac

from authlib.oauth2.rfc6749 import ClientMixin

from services.identity.oauth.clients.domain import GrantType
from services.identity.oauth.clients.models import OAuthClient
from services.identity.sessions.domain import fingerprint

OF_CONFIDENTIAL = ("client_secret_basic", "client_secret_post")


class CoreClient(ClientMixin):  # type: ignore[misc]  # Authlib has no types
    """A row with the questions that Authlib has."""

    def __init__(self, row: OAuthClient, *, former_is_good: bool) -> None:
        """`former_is_good`: its former secret has not expired."""
        self.row, self._former_is_good = row, former_is_good

    def get_client_id(self) -> str:
        """As requests name it."""
        return str(self.row.id)

    def get_default_redirect_uri(self) -> None:
        """A request names one."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The scopes that are asked for, each once; None where one of them is not the client's, or there is none."""
        asked = list(dict.fromkeys((scope or "").split()))
        return " ".join(asked) if asked and set(asked) <= set(self.row.scopes) else None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Byte by byte."""
        return redirect_uri in self.row.redirect_uris

    def check_client_secret(self, client_secret: str) -> bool:
        """The present one, or the former one for its last day."""
        given = fingerprint(client_secret)
        known = [self.row.secret_hash, self.row.former_hash if self._former_is_good else None]
        return any(stored is not None and hmac.compare_digest(stored, given) for stored in known)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        """Who has a secret shows it."""
        return method == "none" if self.row.public else method in OF_CONFIDENTIAL

    def check_response_type(self, response_type: str) -> bool:
        """`code` alone."""
        return response_type == "code" and self.check_grant_type(GrantType.CODE)

    def check_grant_type(self, grant_type: str) -> bool:
        """Those that it was given."""
        return grant_type in self.row.grant_types
