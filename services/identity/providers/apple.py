"""Apple: the client's secret is a JWT that is signed for each call, and the name comes the first time alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import orjson
from joserfc import jwt
from joserfc.jwk import ECKey

from services.identity.providers.domain import Profile, Returned, text_of
from services.identity.providers.openid import OpenIdProvider, ProviderConfig
from services.identity.providers.transport import ProviderTransport
from shared.records.clock import machine_now

SECRET_SECONDS = 300


@dataclass(frozen=True, slots=True)
class AppleSigner:
    """Signs the client's secret: the team's key, by its id."""

    team_id: str
    key_id: str
    pem: str

    def secret(self, client_id: str, issuer: str) -> str:
        """A secret for five minutes."""
        now = int(machine_now().timestamp())
        claims = {"iss": self.team_id, "sub": client_id, "aud": issuer, "iat": now, "exp": now + SECRET_SECONDS}
        header = {"alg": "ES256", "kid": self.key_id}
        return jwt.encode(header, claims, ECKey.import_key(self.pem), algorithms=["ES256"])


class AppleProvider(OpenIdProvider):
    """Its answer is posted; its refresh token is kept, since Apple wants it revoked when an account is deleted."""

    keeps_token = True

    def __init__(self, config: ProviderConfig, transport: ProviderTransport, signer: AppleSigner | None) -> None:
        """Without a signer the configured secret is a ready JWT."""
        super().__init__(config, transport)
        self._signer = signer

    def _secret(self) -> str:
        if self._signer is None:
            return self.config.client_secret
        return self._signer.secret(self.config.client_id, self.config.issuer)

    def _beside_request(self, nonce: str) -> dict[str, str]:
        return {"nonce": nonce, "response_mode": "form_post"}

    async def _profile(
        self, metadata: Mapping[str, Any], claims: Mapping[str, Any], tokens: Mapping[str, Any], given: Returned
    ) -> Profile:
        found = self.profile_of(claims, given)
        return replace(found, refresh_token=text_of(tokens.get("refresh_token")) or None)

    def _names(self, claims: Mapping[str, Any], given: Returned) -> tuple[str, str]:
        """From `user`, which the browser brings: unsigned, so that it is a name and no more."""
        try:
            user = orjson.loads(given.user) if given.user else {}
        except ValueError:
            return "", ""
        name = user.get("name") if isinstance(user, dict) else None
        name = name if isinstance(name, dict) else {}
        return text_of(name.get("firstName")), text_of(name.get("lastName"))
