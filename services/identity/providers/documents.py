"""What a provider publishes, kept for an hour: its metadata and its keys. Seconds are those of the monotonic clock."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from services.identity.providers.errors import ProviderFailed
from services.identity.providers.transport import ProviderTransport, get_json

KEPT_SECONDS = 3600.0
UNKNOWN_KEY_SECONDS = 60.0
"""A key that is not there is looked for again only so often: no flood of bad tokens becomes one of calls."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
ALGORITHMS = ("RS256", "ES256", "PS256", "EdDSA", "RS384", "ES384", "RS512", "ES512")


class Documents:
    """Of one issuer. While it is away the last known ones count."""

    def __init__(self, issuer: str, transport: ProviderTransport, clock: Callable[[], float] = time.monotonic) -> None:
        """Fetches nothing yet."""
        self._issuer, self._transport, self._clock = issuer, transport, clock
        self._metadata: dict[str, Any] | None = None
        self._keys: KeySet | None = None
        self._metadata_at = self._keys_at = 0.0
        self._lock = asyncio.Lock()

    async def metadata(self) -> dict[str, Any]:
        """The discovery document; raises ProviderFailed where there is none, or one of another issuer."""
        if self._metadata is None or self._clock() - self._metadata_at > KEPT_SECONDS:
            async with self._lock:
                if self._metadata is None or self._clock() - self._metadata_at > KEPT_SECONDS:
                    await self._read_metadata()
        assert self._metadata is not None, "read above, or the reading has raised"
        return self._metadata

    async def keys(self, kid: str | None) -> KeySet:
        """The keys, read anew where none has that id; raises ProviderFailed where there are none."""
        uri = str((await self.metadata())["jwks_uri"])
        if not self._are_known(kid):
            async with self._lock:
                if not self._are_known(kid):
                    await self._read_keys(uri)
        assert self._keys is not None, "read above, or the reading has raised"
        return self._keys

    async def _read_metadata(self) -> None:
        try:
            found = await get_json(self._transport, f"{self._issuer}/.well-known/openid-configuration")
            self._check(found)
        except ProviderFailed:
            if self._metadata is None:
                raise
        else:
            self._metadata = found
        self._metadata_at = self._clock()

    async def _read_keys(self, uri: str) -> None:
        try:
            found = await get_json(self._transport, uri)
            self._keys = KeySet.import_key_set({"keys": _readable(found.get("keys"))})
        except (JoseError, ValueError, TypeError, KeyError) as error:
            if self._keys is None:
                raise ProviderFailed(f"{self._issuer} publishes no keys: {error}") from error
        except ProviderFailed:
            if self._keys is None:
                raise
        self._keys_at = self._clock()

    def _are_known(self, kid: str | None) -> bool:
        if self._keys is None:
            return False
        age = self._clock() - self._keys_at
        known = kid is None or any(key.kid == kid for key in self._keys.keys)
        return age < (KEPT_SECONDS if known else UNKNOWN_KEY_SECONDS)

    def _check(self, found: dict[str, Any]) -> None:
        if found.get("issuer") != self._issuer:
            raise ProviderFailed(f"{self._issuer} calls itself {found.get('issuer')}")
        secure = ("https://",) if self._issuer.startswith("https://") else ("https://", "http://")
        if not all(isinstance(found.get(name), str) and found[name].startswith(secure) for name in ENDPOINTS):
            raise ProviderFailed(f"{self._issuer} does not say where it is asked")


def _readable(keys: Any) -> list[dict[str, Any]]:
    """Those for signatures, of kinds that are known: others may stand beside them."""
    return [key for key in keys if key.get("kty") in {"RSA", "EC", "OKP"} and key.get("use", "sig") == "sig"]
