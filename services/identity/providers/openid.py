"""A provider of OpenID Connect: the code becomes tokens, the ID token says who it was."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwt import JWTClaimsRegistry

from services.identity.providers.documents import ALGORITHMS, Documents
from services.identity.providers.domain import Profile, Returned, Trust, is_good_word, text_of
from services.identity.providers.errors import AccessDenied, ProviderFailed
from services.identity.providers.transport import DEADLINE_SECONDS, ProviderTransport, get_json
from shared.records.clock import machine_now

DENIED = {"access_denied", "user_cancelled_authorize"}
LEEWAY_SECONDS = 30
NATIVE_SECONDS = 3600
LONGEST_SUBJECT, LONGEST_TOKEN = 255, 16_384
UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class ProviderConfig:
    """One provider, as Estuary is known there; `callback` is where it sends browsers back to."""

    name: str
    title: str
    issuer: str
    client_id: str
    client_secret: str
    callback: str
    email_trust: Trust = Trust.NEVER
    scope: str = "openid email profile"


class OpenIdProvider:
    """By discovery, with PKCE and nonce."""

    keeps_token = False
    """Whether its refresh token is kept, to be revoked when the person leaves."""

    def __init__(self, config: ProviderConfig, transport: ProviderTransport) -> None:
        """Asks nothing yet."""
        self.config, self._transport = config, transport
        self._documents = Documents(config.issuer, transport)

    async def authorization_url(self, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes; raises ProviderFailed."""
        endpoint = (await self._documents.metadata())["authorization_endpoint"]
        async with self._client() as client:
            more = self._beside_request(nonce)
            url, _ = client.create_authorization_url(endpoint, state=state, code_verifier=verifier, **more)
        return str(url)

    async def fetch_profile(self, given: Returned, nonce: str, verifier: str) -> Profile:
        """Who it was; raises AccessDenied or ProviderFailed."""
        metadata = await self._documents.metadata()
        check_issuer(given, self.config.issuer, is_sent=self._sends_issuer(metadata))
        check_error(given)
        tokens = await self._exchange(metadata, given.code, verifier)
        claims = await self.read_claims(text_of(tokens.get("id_token")), nonce)
        return await self._profile(metadata, claims, tokens, given)

    async def read_id_token(self, token: str, nonce: str) -> Profile:
        """Who the ID token of a native app is for; raises ProviderFailed for a bad one, or one that is not from just
        now: it may be good for a day, and that it was used is remembered for NATIVE_SECONDS at least."""
        claims = await self.read_claims(token, nonce)
        if claims["iat"] < machine_now().timestamp() - NATIVE_SECONDS:
            raise ProviderFailed(f"ID token of {self.config.name} is old")
        return self.profile_of(claims, given=Returned())

    async def read_claims(self, token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token of this provider, for this client and that nonce; raises ProviderFailed."""
        try:
            kid = jws.extract_compact(token[:LONGEST_TOKEN].encode()).headers().get("kid")
            keys = await self._documents.keys(text_of(kid) or None)
            claims = jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
            self._expected(nonce).validate(claims)
        except UNREADABLE as error:
            raise ProviderFailed(f"ID token of {self.config.name}: {type(error).__name__} {error}") from error
        if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != self.config.client_id:
            raise ProviderFailed(f"ID token of {self.config.name} is for another client")
        return claims

    def profile_of(self, claims: Mapping[str, Any], given: Returned) -> Profile:
        """What the claims say; raises ProviderFailed without a subject."""
        subject = claims.get("sub")
        if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT:
            raise ProviderFailed(f"ID token of {self.config.name} has no subject")
        first_name, last_name = self._names(claims, given)
        return Profile(
            self.config.issuer,
            subject,
            text_of(claims.get("email")) or None,
            is_good_word(self.config.email_trust, claims),
            first_name,
            last_name,
        )

    async def revoke(self, token: str) -> None:
        """Ends what the person granted; raises ProviderFailed. Again is fine."""
        endpoint = (await self._documents.metadata()).get("revocation_endpoint")
        if endpoint is None:
            return
        async with self._client() as client:
            response = await client.revoke_token(endpoint, token=token, token_type_hint="refresh_token")
        if not response.is_success:
            raise ProviderFailed(f"{self.config.name} answers {response.status_code} to a revocation")

    async def _profile(
        self, metadata: Mapping[str, Any], claims: Mapping[str, Any], tokens: Mapping[str, Any], given: Returned
    ) -> Profile:
        """An address that the ID token does not have may be in userinfo, unsigned: there it proves nothing."""
        found = self.profile_of(claims, given)
        endpoint = metadata.get("userinfo_endpoint")
        if found.email is not None or endpoint is None:
            return found
        headers = {"Authorization": f"Bearer {tokens.get('access_token')}"}
        more = await get_json(self._transport, str(endpoint), headers=headers)
        if more.get("sub") != found.subject:
            raise ProviderFailed(f"userinfo of {self.config.name} is about somebody else")
        return self.profile_of({**more, **claims, "email_verified": False}, given)

    async def _exchange(self, metadata: Mapping[str, Any], code: str, verifier: str) -> Mapping[str, Any]:
        try:
            async with self._client(metadata) as client:
                found = await client.fetch_token(metadata["token_endpoint"], code=code, code_verifier=verifier)
        except (AuthlibBaseError, ValueError) as error:
            raise ProviderFailed(f"{self.config.name} gives no tokens: {error}") from error
        return dict(found)

    def _client(self, metadata: Mapping[str, Any] | None = None) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            self.config.client_id,
            self._secret(),
            redirect_uri=self.config.callback,
            scope=self.config.scope,
            code_challenge_method="S256",
            token_endpoint_auth_method=_method(metadata or {}),
            revocation_endpoint_auth_method="client_secret_post",
            transport=self._transport,
            timeout=DEADLINE_SECONDS,
            trust_env=False,
        )

    def _secret(self) -> str:
        return self.config.client_secret

    def _beside_request(self, nonce: str) -> dict[str, str]:
        return {"nonce": nonce}

    def _sends_issuer(self, metadata: Mapping[str, Any]) -> bool:
        return metadata.get("authorization_response_iss_parameter_supported") is True

    def _names(self, claims: Mapping[str, Any], given: Returned) -> tuple[str, str]:
        return names_of(text_of(claims.get("given_name")), text_of(claims.get("family_name")), claims.get("name"))

    def _expected(self, nonce: str) -> JWTClaimsRegistry:
        return JWTClaimsRegistry(
            now=int(machine_now().timestamp()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self.config.issuer},
            aud={"essential": True, "value": self.config.client_id},
            exp={"essential": True},
            iat={"essential": True},
            sub={"essential": True},
            nonce={"essential": True, "value": nonce},
        )


def check_issuer(given: Returned, issuer: str, *, is_sent: bool) -> None:
    """RFC 9207: who answers says so, and is the one that was asked; raises ProviderFailed."""
    if (given.iss or is_sent) and given.iss != issuer:
        raise ProviderFailed(f"the answer is of the issuer {given.iss or 'that nobody names'}, not of {issuer}")


def check_error(given: Returned) -> None:
    """Raises AccessDenied or ProviderFailed where the provider sent back no code."""
    if given.error in DENIED:
        raise AccessDenied
    if given.error or not given.code:
        raise ProviderFailed(f"the provider sent back: {given.error or 'no code'}")


def names_of(first: str, last: str, whole: object) -> tuple[str, str]:
    """First and last name; a whole one is divided at its last blank."""
    if first or last:
        return first, last
    before, _, after = text_of(whole).strip().rpartition(" ")
    return (before.strip(), after) if before else (after, "")


def _method(metadata: Mapping[str, Any]) -> str:
    supported = metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return "client_secret_basic" if "client_secret_basic" in supported else "client_secret_post"
