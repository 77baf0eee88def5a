"""Facebook: OAuth 2, and the Graph says who it was. Its word on an address proves nothing."""

import hashlib
import hmac

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from services.identity.providers.domain import Profile, Returned, text_of
from services.identity.providers.errors import NoIdTokens, ProviderFailed
from services.identity.providers.openid import (
    LONGEST_SUBJECT,
    ProviderConfig,
    check_error,
    check_issuer,
    names_of,
)
from services.identity.providers.transport import DEADLINE_SECONDS, ProviderTransport, get_json

VERSION = "v23.0"
FIELDS = "id,name,first_name,last_name,email"


class FacebookProvider:
    """`graph` is the address of the Graph, without the version; the dialog is below the issuer."""

    keeps_token = False

    def __init__(self, config: ProviderConfig, transport: ProviderTransport, graph: str) -> None:
        """Asks nothing yet."""
        self.config, self._transport = config, transport
        self._graph = f"{graph}/{VERSION}"

    async def authorization_url(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes."""
        async with self._client() as client:
            dialog = f"{self.config.issuer}/{VERSION}/dialog/oauth"
            url, _ = client.create_authorization_url(dialog, state=state, code_verifier=verifier)
        return str(url)

    async def fetch_profile(self, given: Returned, nonce: str, verifier: str) -> Profile:
        """Who it was; raises AccessDenied or ProviderFailed."""
        check_issuer(given, self.config.issuer, is_sent=False)
        check_error(given)
        token = await self._exchange(given.code, verifier)
        proof = hmac.new(self.config.client_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        query = {"fields": FIELDS, "appsecret_proof": proof}
        headers = {"Authorization": f"Bearer {token}"}
        found = await get_json(self._transport, f"{self._graph}/me", params=query, headers=headers)
        subject = text_of(found.get("id"))
        if not 0 < len(subject) <= LONGEST_SUBJECT:
            raise ProviderFailed("the Graph does not say who it was")
        first, last = names_of(text_of(found.get("first_name")), text_of(found.get("last_name")), found.get("name"))
        email = text_of(found.get("email")) or None
        return Profile(self.config.issuer, subject, email, first_name=first, last_name=last)

    async def read_id_token(self, token: str, nonce: str) -> Profile:
        """Raises NoIdTokens."""
        raise NoIdTokens

    async def revoke(self, token: str) -> None:
        """Nothing is kept that could be revoked."""

    async def _exchange(self, code: str, verifier: str) -> str:
        try:
            async with self._client() as client:
                endpoint = f"{self._graph}/oauth/access_token"
                found = await client.fetch_token(endpoint, code=code, code_verifier=verifier)
        except (AuthlibBaseError, ValueError) as error:
            raise ProviderFailed(f"Facebook gives no token: {error}") from error
        if not text_of(found.get("access_token")):
            raise ProviderFailed("Facebook gives no token")
        return text_of(found["access_token"])

    def _client(self) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self.config.client_id,
            self.config.client_secret,
            redirect_uri=self.config.callback,
            scope=self.config.scope,
            code_challenge_method="S256",
            token_endpoint_auth_method="client_secret_post",
            transport=self._transport,
            timeout=DEADLINE_SECONDS,
            trust_env=False,
        )
