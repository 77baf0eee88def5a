"""Strict checks of access tokens, and a cache of those that were verified."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from joserfc.errors import JoseError
from joserfc.jwk import Key, KeySet
from joserfc.jws import JWSRegistry
from joserfc.util import urlsafe_b64decode

from shared.auth.callers import TWO_FACTORS as TWO_FACTORS
from shared.auth.callers import Caller as Caller
from shared.auth.callers import machine_seconds as machine_seconds
from shared.errors import AppError, TokenExpired, Unauthenticated, Unavailable

ISSUER = "estuary"
AUDIENCE = "estuary"
ACCESS_TYPE = "at+jwt"
LEEWAY_SECONDS = 5
STEP_UP_SECONDS = 300
"""How long a proof counts as one of late, unless identity is set otherwise."""
CACHE_SIZE = 20_000
MAX_TOKEN_LENGTH = 8192
REVOCATION_SECONDS = 7200
EDGE_CHANGED = "edge.changed"
"""The channel of hints that something changed which every process must know."""
WHOLE_SESSION = "session"
"""The scope with which a client of ours has all that a sign-in has."""
UNKNOWN_KEY_SECONDS = 10
MAX_UNKNOWN_KEYS = 1000
ALGORITHM = "ES256"
ES256 = JWSRegistry(algorithms=[ALGORITHM]).get_alg(ALGORITHM)
UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
"""What the decoder raises for a malformed token: for a head of wrong types not only errors of its own."""


class Verifier:
    """Checks tokens. Keys are fetched when one is missing; while identity is away the last known set stays."""

    def __init__(
        self,
        fetch: Callable[[], Awaitable[Mapping[str, Any]]],
        caller: Callable[[str], str] | None = None,
        edge: Callable[[str], Any] | None = None,
        *,
        read_only: bool = False,
    ) -> None:
        """`fetch` answers what identity says to the edge: `keys`, `ended_sessions`, `read_only`.

        `caller` names the service that a service token speaks for; without it no service is let in. `edge` reads what
        the gateway says of a client; without it nobody knows from where a request came. `read_only`: writes are off
        whatever identity says.
        """
        self._fetch = fetch
        self._caller = caller
        self._edge = edge
        self._keys: dict[str | None, Key] = {}
        """By their ids; empty until they were fetched for the first time."""
        self._fetched_at = 0.0
        self._fetching = asyncio.Lock()
        self._cache: OrderedDict[str, Caller] = OrderedDict()
        self._ended: OrderedDict[UUID, float] = OrderedDict()
        self._reading: asyncio.Task[None] | None = None
        self._always_read_only = self.read_only = read_only
        """Whether the operator has switched writes off."""
        self._unknown: OrderedDict[str, float] = OrderedDict()

    async def user(self, token: str) -> Caller:
        """The caller that the access token speaks for; Unauthenticated if it is not a valid one now."""
        caller = self.known(token)
        if caller is None:
            caller = await self._verify(token)
            self._cache[token] = caller
            if len(self._cache) > CACHE_SIZE:
                self._cache.popitem(last=False)
            self.ensure_valid(caller)
        return caller

    def known(self, token: str) -> Caller | None:
        """The same for a token that was seen before, None for any other; Unauthenticated for one over 8 KiB.

        Nothing here has to be waited for, and nothing is decoded.
        """
        if len(token) > MAX_TOKEN_LENGTH:
            raise Unauthenticated("The access token is too long.")
        caller = self._cache.get(token)
        if caller is not None:
            self.ensure_valid(caller)
        return caller

    def ensure_valid(self, caller: Caller) -> None:
        """Raises Unauthenticated if the token that was verified as theirs has expired, or was revoked meanwhile."""
        revoked = bool(self._ended) and caller.session_id in self._ended
        if revoked or caller.expires_at + LEEWAY_SECONDS < machine_seconds():
            raise TokenExpired

    def revoke(self, session_id: UUID) -> None:
        """Refuses the session's tokens from now on (they live 60 minutes at most).

        Revocations are kept in their order, so that each call drops only what has ended.
        """
        now = machine_seconds()
        if session_id not in self._ended:
            self._ended[session_id] = now
        while self._ended and next(iter(self._ended.values())) < now - REVOCATION_SECONDS:
            self._ended.popitem(last=False)

    def service(self, token: str) -> str:
        """The name of the calling service; Unauthenticated without a token of one, Forbidden if it may not call."""
        if self._caller is None:
            raise Unauthenticated("No service is expected here.")
        return self._caller(token)

    def edge(self, token: str) -> Any:
        """From where a request came (`shared.auth.edge_tokens.Edge`); None where nobody said so who may."""
        try:
            return self._edge(token) if self._edge is not None else None
        except Unauthenticated:
            return None

    async def refresh(self) -> None:
        """Reads identity's keys, the sessions that ended and the switch for writes; keeps what is known if it fails."""
        answer = await self._fetch()
        for session_id in answer.get("ended_sessions", []):
            self.revoke(UUID(session_id))
        self._keys = {key.kid: key for key in KeySet.import_key_set({"keys": list(answer["keys"])})}
        self.read_only = self._always_read_only or bool(answer.get("read_only", False))

    def hear(self, hint: Mapping[str, Any]) -> None:
        """Takes a hint on EDGE_CHANGED: sessions that ended are refused at once, for anything else identity is read."""
        for session_id in hint.get("ended_sessions", []):
            self.revoke(UUID(session_id))
        if "ended_sessions" not in hint and (self._reading is None or self._reading.done()):
            self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with suppress(AppError):  # read again within half a minute
            await self.refresh()

    async def _verify(self, token: str) -> Caller:
        kid = _key_id(token.partition(".")[0])
        if kid is None:
            raise Unauthenticated
        if kid not in self._keys:
            await self._need(kid)
        key = self._keys.get(kid)
        if key is None:
            raise Unauthenticated("The access token's key is not known.")
        try:
            return _who(_claims_of(token, key))
        except UNREADABLE as error:
            raise Unauthenticated from error

    async def _need(self, kid: str) -> None:
        """Fetches the keys for an unknown id: one fetch at a time, which everyone awaits, and one a second at most.

        An id that stays unknown is remembered and asked for again after ten seconds at the earliest.
        """
        async with self._fetching:
            now = time.monotonic()
            if kid in self._keys or (self._keys and self._asked_lately(kid, now)):
                return
            self._fetched_at = now  # a fetch that fails is one too
            try:
                await self.refresh()
            except Exception as error:
                if not self._keys:
                    raise Unavailable("Tokens cannot be checked now: identity does not answer.") from error
            if kid not in self._keys:
                self._unknown[kid] = now
                if len(self._unknown) > MAX_UNKNOWN_KEYS:
                    self._unknown.popitem(last=False)

    def _asked_lately(self, kid: str, now: float) -> bool:
        asked_at = self._unknown.get(kid)
        return now - self._fetched_at < 1 or (asked_at is not None and now - asked_at < UNKNOWN_KEY_SECONDS)


@lru_cache(maxsize=256)
def _key_id(head: str) -> str | None:
    """The key that the head of an access token names, None for any other head: ours say nothing else.

    All tokens of one key have the same head, so that it is seldom read.
    """
    try:
        header = orjson.loads(urlsafe_b64decode(head.encode()))
        kid = header.get("kid")
    except UNREADABLE:
        return None
    own = isinstance(kid, str) and header == {"alg": ALGORITHM, "kid": kid, "typ": ACCESS_TYPE}
    return kid if own else None


def _claims_of(token: str, key: Key) -> Mapping[str, Any]:
    """What the key has signed, under a head that was read already: the rest of what joserfc's `decode` does.

    Unauthenticated for another signature, one of UNREADABLE for what is malformed.
    """
    ES256.check_key(key)
    signed, _, signature = token.encode().rpartition(b".")
    if not ES256.verify(signed, urlsafe_b64decode(signature), key):
        raise Unauthenticated
    claims = orjson.loads(urlsafe_b64decode(signed.partition(b".")[2]))
    if not isinstance(claims, dict):
        raise TypeError("claims")
    return claims


def lives(claims: Mapping[str, Any], longest: float) -> bool:
    """Whether the token is good at this moment, and for no longer than that."""
    issued, expires, now = claims.get("iat"), claims.get("exp"), machine_seconds()
    begins = claims.get("nbf", issued)
    if type(issued) is not int or type(expires) is not int or type(begins) is not int:
        return False
    return max(issued, begins) - LEEWAY_SECONDS <= now <= expires + LEEWAY_SECONDS and expires - issued <= longest


def _who(claims: Mapping[str, Any]) -> Caller:
    proper = (
        claims.get("typ") == "access"
        and claims.get("iss") == ISSUER
        and claims.get("aud") == AUDIENCE
        and lives(claims, 24 * 3600)
    )
    if not proper:
        raise Unauthenticated
    return Caller(
        user_id=UUID(claims["sub"]),
        roles=_texts_in(claims, "roles"),
        practitioner_id=UUID(claims["pid"]) if claims.get("pid") else None,
        session_id=UUID(claims["sid"]),
        expires_at=float(claims["exp"]),
        auth_time=float(claims.get("auth_time", 0)),
        acr=str(claims.get("acr", "aal1")),
        amr=_texts_in(claims, "amr", []),
        fresh_until=float(claims.get("fresh_until", 0)),
        factors=_texts_in(claims, "factors", []),
        needs_factor=claims.get("needs_factor") is True,
        scopes=_scopes_in(claims),
        client_id=_text_in(claims, "client_id"),
        actor_id=UUID(claims["act"]["sub"]) if "act" in claims else None,
    )


def _scopes_in(claims: Mapping[str, Any]) -> frozenset[str] | None:
    """None for a whole session: the token has no scope, or that of a client of ours that is given one."""
    given = _text_in(claims, "scope")
    if given is None and ("client_id" in claims or "act" in claims):
        return frozenset()
    scopes = None if given is None else frozenset(given.split())
    return None if scopes is None or WHOLE_SESSION in scopes else scopes


def _texts_in(claims: Mapping[str, Any], name: str, absent: Any = None) -> frozenset[str]:
    given = claims.get(name, absent)
    if not isinstance(given, list) or not {str}.issuperset(map(type, given)):
        raise TypeError(name)
    return frozenset(given)


def _text_in(claims: Mapping[str, Any], name: str) -> str | None:
    given = claims.get(name)
    if given is not None and not isinstance(given, str):
        raise TypeError(name)
    return given
