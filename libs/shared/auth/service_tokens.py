"""Tokens of calls between services: each signs with an Ed25519 key of its own, for one receiver and for a minute.

A key is the 32 bytes of its seed, a public half the 32 bytes of the point, both as base64url without padding.
"""

import base64
import binascii
import hashlib
import secrets
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.jwk import KeySet, OKPKey

from shared.auth.internal_callers import may_call
from shared.auth.verification import LEEWAY_SECONDS, MAX_TOKEN_LENGTH, UNREADABLE, lives, machine_seconds
from shared.errors import CallerNotAllowed, Unauthenticated

ALGORITHM = "Ed25519"
SERVICE = "service"
SECONDS = 60
KEY_BYTES = 32
CACHE_SIZE = 1000


class BadKey(ValueError):
    """A text that is no Ed25519 key; the message does not repeat it."""


class ServiceTokens:
    """One process's own key, and the public halves of all that may call it."""

    def __init__(self, name: str, key: str, known: Mapping[str, Iterable[str]]) -> None:
        """`known` maps each service to its public halves: several while a key is replaced. BadKey for a bad one."""
        self.name = name
        self._key = _private(key)
        own = {kid(public): (service, public) for service, publics in known.items() for public in publics}
        self._callers = {key_id: service for key_id, (service, _) in own.items()}
        self._keys = KeySet([_public(public) for _, public in own.values()])
        self._made: dict[str, tuple[str, float]] = {}
        self._seen: OrderedDict[bytes, tuple[str, int]] = OrderedDict()

    def token(self, service: str) -> str:
        """A token for calls to that service, renewed at half its life; LookupError where the table has no such call."""
        if not may_call(self.name, service):
            raise LookupError(f"{self.name} may not call {service}: see shared.auth.internal_callers")
        token, made_at = self._made.get(service, ("", 0.0))
        now = machine_seconds()
        if now - made_at > SECONDS / 2:
            token = self.sign(service, int(now))
            self._made[service] = token, now
        return token

    def sign(self, audience: str | list[str], issued: int, kind: str = SERVICE, **more: Any) -> str:
        """A token for that receiver, of that moment; `more` are claims of a token of another kind."""
        claims = {"sub": self.name, "aud": audience, "typ": kind, "iat": issued, "exp": issued + SECONDS, **more}
        header = {"alg": ALGORITHM, "kid": self._key.kid, "typ": f"{kind}+jwt"}
        return jwt.encode(header, claims, self._key, algorithms=[ALGORITHM])

    def claims(self, token: str, kind: str) -> Mapping[str, Any]:
        """The claims of a token for this service; Unauthenticated if it is not one of that kind now."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise Unauthenticated("A valid service token is needed.")
        try:
            decoded = jwt.decode(token, self._keys, algorithms=[ALGORITHM])
        except UNREADABLE as error:
            raise Unauthenticated("A valid service token is needed.") from error
        caller = self._callers.get(str(decoded.header.get("kid")))
        if caller is None or not self._is_for_us(caller, kind, decoded.header, decoded.claims):
            raise Unauthenticated("A valid service token is needed.")
        return decoded.claims

    def caller(self, token: str) -> str:
        """Who calls; Unauthenticated if the token is not one for this service now, Forbidden if it may not call."""
        if len(token) > MAX_TOKEN_LENGTH:
            raise Unauthenticated("A valid service token is needed.")
        digest = hashlib.sha256(token.encode(errors="replace")).digest()
        known = self._seen.get(digest)
        if known is None or known[1] + LEEWAY_SECONDS < machine_seconds():
            known = self._seen[digest] = self._verified(token)
            if len(self._seen) > CACHE_SIZE:
                self._seen.popitem(last=False)
        if not may_call(known[0], self.name):
            raise CallerNotAllowed(f"{known[0]} may not call {self.name}.")
        return known[0]

    def _verified(self, token: str) -> tuple[str, int]:
        """Who signed it, and until when it is good."""
        claims = self.claims(token, SERVICE)
        return str(claims["sub"]), int(claims["exp"])

    def _is_for_us(self, caller: str, kind: str, header: Mapping[str, Any], claims: Mapping[str, Any]) -> bool:
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        proper = header.get("typ") == f"{kind}+jwt" and claims.get("typ") == kind and claims.get("sub") == caller
        return proper and self.name in audiences and lives(claims, SECONDS)


def new_key() -> str:
    """A fresh key."""
    return _text(secrets.token_bytes(KEY_BYTES))


def derived_key(secret: str, name: str) -> str:
    """The key of that service where one secret serves all of them: always the same one."""
    return _text(HKDF(SHA256(), KEY_BYTES, None, f"estuary service key {name}".encode()).derive(secret.encode()))


def public_half(key: str) -> str:
    """What others need to check that key's tokens; BadKey for a bad one."""
    return _text(Ed25519PrivateKey.from_private_bytes(_bytes(key)).public_key().public_bytes_raw())


def kid(public: str) -> str:
    """The id of a key: the thumbprint of its public half (RFC 7638)."""
    return str(_public(public).kid)


def _private(key: str) -> OKPKey:
    public = public_half(key)
    parts: dict[str, str | list[str]] = {
        "kty": "OKP",
        "crv": "Ed25519",
        "x": public,
        "d": _text(_bytes(key)),
        "kid": kid(public),
    }
    return OKPKey.import_key(parts)


def _public(public: str) -> OKPKey:
    key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "x": _text(_bytes(public))})
    key.ensure_kid()
    return key


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey("is not base64url") from error
    if len(raw) != KEY_BYTES:
        raise BadKey(f"has {len(raw)} bytes, an Ed25519 key has {KEY_BYTES}")
    return raw
