"""API keys: the gateway exchanges one for a short token, and behind it there are only tokens."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from shared.auth.verification import Caller, Verifier
from shared.errors import NotFound, Unauthenticated
from shared.internal.identity import ApiKeyToken

PREFIX = "est_"
LONGEST_KEY = 200
MOST_KEYS = 10_000
REFUSED_SECONDS = 10.0
"""How long a key that nobody has is refused without asking again."""
EARLY_SECONDS = 5.0
"""How long before its end a token is replaced, so that it does not expire on its way."""
TokenOfKey = Callable[[str], Awaitable[ApiKeyToken]]
"""Identity's answer; raises NotFound for a key that opens nothing."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a key was exchanged for, until a moment of the monotonic clock; no token: it opens nothing."""

    token: str | None
    until: float


class ApiKeys:
    """The tokens of the keys that were used lately; forgets those that were used longest ago."""

    def __init__(self, exchange: TokenOfKey | None, verifier: Verifier) -> None:
        """Without an exchange no key is accepted. The verifier knows which tokens have ended before their time."""
        self._exchange, self._verifier = exchange, verifier
        self._held: OrderedDict[str, Held] = OrderedDict()
        self._asking: dict[str, asyncio.Future[Held]] = {}

    def is_new(self, key: str) -> bool:
        """Whether identity would be asked about a key that may be a guess."""
        held = self._held.get(key)
        refused_long_ago = held is not None and held.token is None and held.until <= time.monotonic()
        return key not in self._asking and (held is None or refused_long_ago)

    async def caller(self, key: str) -> tuple[Caller, str]:
        """Who is behind the key, and the token that speaks for them; Unauthenticated for one that opens nothing."""
        held = self._held.get(key)
        if held is not None and time.monotonic() < held.until:
            try:
                return await self._caller(held)
            except Unauthenticated:
                if held.token is None:
                    raise
        return await self._caller(await self._ask(key))

    async def _caller(self, held: Held) -> tuple[Caller, str]:
        if held.token is None:
            raise Unauthenticated("This API key is not valid.")
        return self._verifier.known(held.token) or await self._verifier.user(held.token), held.token

    async def _ask(self, key: str) -> Held:
        """Asks once for all who use the key at this moment."""
        asking = self._asking.get(key)
        if asking is None:
            asking = self._asking[key] = asyncio.ensure_future(self._exchanged(key))
            asking.add_done_callback(lambda _: self._asking.pop(key, None))
        held = self._held[key] = await asyncio.shield(asking)
        self._held.move_to_end(key)
        if len(self._held) > MOST_KEYS:
            self._held.popitem(last=False)
        return held

    async def _exchanged(self, key: str) -> Held:
        if self._exchange is None or len(key) > LONGEST_KEY:
            raise Unauthenticated("This API key is not valid.")
        try:
            token = await self._exchange(key)
        except NotFound:
            return Held(None, time.monotonic() + REFUSED_SECONDS)
        return Held(token.access_token, time.monotonic() + token.expires_in - EARLY_SECONDS)
