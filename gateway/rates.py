"""Rate limits per hour (GCRA), one number per client: of this process, with REDIS_URL of all gateways together."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import NamedTuple

from gateway.asgi import Headers
from gateway.errors import TooManyRequests
from gateway.limits import caller_of
from gateway.settings import GatewaySettings
from gateway.shared_rates import SharedCount
from shared.auth.permissions import Permission
from shared.auth.verification import Caller

HOUR = 3600.0
MOST_CLIENTS = 100_000


class Verdict(NamedTuple):
    """What is left for this client; `reset` is seconds until the whole limit is there again."""

    allowed: bool
    limit: int
    remaining: int
    reset: float
    retry_after: float

    def headers(self) -> Headers:
        """RateLimit-Limit, -Remaining and -Reset."""
        return [
            (b"ratelimit-limit", str(self.limit).encode()),
            (b"ratelimit-remaining", str(self.remaining).encode()),
            (b"ratelimit-reset", str(int(self.reset) + 1).encode()),
        ]


class Allowances:
    """Exact: a whole hour's share may be spent at once. Counts in this process; forgets the longest idle clients."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """`clock` in seconds."""
        self._clock = clock
        self._full_again_at: OrderedDict[str, float] = OrderedDict()

    def take(self, key: str, limit: int) -> Verdict:
        """One request of that client, unless nothing is left."""
        now, step = self._clock(), HOUR / limit
        before = max(self._full_again_at.pop(key, now), now)
        over = before + step - now - HOUR
        allowed = over <= step / 1000
        self._full_again_at[key] = after = before + step if allowed else before
        if len(self._full_again_at) > MOST_CLIENTS:
            self._full_again_at.popitem(last=False)
        return Verdict(allowed, limit, max(0, int((HOUR - after + now) / step + 0.001)), after - now, max(0.0, over))

    def give_back(self, key: str, limit: int) -> None:
        """One that was taken."""
        if key in self._full_again_at:
            self._full_again_at[key] -= HOUR / limit

    def look(self, key: str, limit: int, *, allowed: bool) -> Verdict:
        """What is left after somebody else has decided about a request."""
        step, used = HOUR / limit, self.used(key)
        return Verdict(allowed, limit, max(0, int((HOUR - used) / step + 0.001)), used, max(0.0, used + step - HOUR))

    def used(self, key: str) -> float:
        """Seconds until the whole limit is there again."""
        now = self._clock()
        return max(0.0, self._full_again_at.get(key, now) - now)

    def learn(self, key: str, used: float) -> None:
        """Others have counted too: that many seconds are used at least."""
        if used > self.used(key):
            self._full_again_at[key] = self._clock() + used


class RateLimits:
    """How many requests each client may send in an hour.

    With other gateways: what was allowed is added to the shared count soon after, in batches. Only who sends so much at
    once that the limit could be exceeded by more than a twentieth waits until their earlier requests are counted.
    """

    def __init__(self, settings: GatewaySettings, clock: Callable[[], float] = time.monotonic) -> None:
        """Each gateway on its own until `run` has reached the shared count."""
        self._settings = settings
        self._own = Allowances(clock)
        self.shared = SharedCount(settings.redis_url, self._own) if settings.redis_url else None

    async def run(self) -> None:
        """Counts together with other gateways, where there is a shared count, until cancelled."""
        await (asyncio.Event().wait() if self.shared is None else self.shared.run())

    async def spend(self, caller: Caller | None, address: str) -> Headers:
        """Takes one request off that client's limit and returns the headers to show; raises TooManyRequests."""
        verdict = await self._take(caller_of(caller, address), self._limit_of(caller))
        if verdict.allowed:
            return verdict.headers()
        refusal = TooManyRequests(headers={"Retry-After": str(int(verdict.retry_after) + 1)})
        refusal.headers |= {name.decode(): value.decode() for name, value in verdict.headers()}
        raise refusal

    @asynccontextmanager
    async def one_held(self, address: str) -> AsyncIterator[None]:
        """Takes one request off that address's limit and gives it back at the end; raises TooManyRequests."""
        await self.spend(None, address)
        try:
            yield
        finally:
            key, limit = caller_of(None, address), self._settings.rate_anonymous
            self._own.give_back(key, limit)
            if self.shared is not None:
                self.shared.add(key, limit, -1)

    async def _take(self, key: str, limit: int) -> Verdict:
        if self.shared is None:
            return self._own.take(key, limit)
        if self.shared.is_behind(key, limit) and self._own.look(key, limit, allowed=True).remaining:
            allowed = await self.shared.ask(key, limit)
            if allowed is not None:
                return self._own.look(key, limit, allowed=allowed)
        verdict = self._own.take(key, limit)
        if verdict.allowed:
            self.shared.add(key, limit, 1)
        return verdict

    def _limit_of(self, caller: Caller | None) -> int:
        if caller is None:
            return self._settings.rate_anonymous
        much = caller.may(Permission.SEND_MANY_REQUESTS)
        return self._settings.rate_practitioner if much else self._settings.rate_user
