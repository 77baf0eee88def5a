"""The count that several gateways share, in a Valkey or Redis: written in batches, so that requests do not wait for it.

Valkey keeps for each client when its whole limit is there again (as `gateway.rates.Allowances` does), and nothing else.
A gateway adds what it has allowed and learns what all have. Who sends very much at once is asked for instead: while
more of one client than `most_uncounted` is not known to the others, these together could exceed its limit by more than
a twentieth.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from valkey.asyncio import Valkey
from valkey.asyncio.retry import Retry
from valkey.backoff import NoBackoff
from valkey.exceptions import ValkeyError

from shared.observability import logs
from shared.records.ids import new_id

HOUR_MICROSECONDS = 3_600_000_000
BATCH_SECONDS = 0.1
ANSWER_SECONDS = 0.5
"""After so long without an answer each gateway counts on its own."""
AGAIN_SECONDS = 1.0
MOST_KEYS = 1000
"""Of one batch."""
MOST_WAITING = 100_000
"""Clients whose requests are not counted yet, while Valkey is away."""
SLACK_MICROSECONDS = 1_000_000
"""A gateway that knows more than Valkey, which may have lost all, says so, less this: its clock is not compared."""
MOST_OVER = 0.05
PREFIX = "estuary:{rates}:"
GATEWAYS = f"{PREFIX}gateways"
COUNT = """
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - 10000000)
redis.call('PEXPIRE', KEYS[1], 10000)
local answer = {redis.call('ZCARD', KEYS[1])}
for i = 2, #KEYS do
  local at = 4 * (i - 2) + 1
  local allowed, wanted = tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  local step, known = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4])
  local full_at = math.max(tonumber(redis.call('GET', KEYS[i]) or 0), now + known) + allowed * step
  local room = math.floor((3600000000 - full_at + now) / step + 0.001)
  local given = math.max(0, math.min(wanted, room))
  local used = math.max(0, full_at + given * step - now)
  redis.call('SET', KEYS[i], string.format('%.0f', now + used), 'PX', math.ceil(used / 1000) + 1)
  answer[#answer + 1] = used
  answer[#answer + 1] = given
end
return answer
"""
log = logs.logger(service="gateway")


class Own(Protocol):
    """What this gateway counts by itself; seconds."""

    def used(self, key: str) -> float:
        """Until the whole limit is there again."""

    def learn(self, key: str, used: float) -> None:
        """So much is used at least."""


@dataclass(slots=True)
class Uncounted:
    """Of one client: requests that were allowed here, and those that wait to be."""

    limit: int
    allowed: int = 0
    asking: list[asyncio.Future[bool | None]] = field(default_factory=list)

    @property
    def step(self) -> float:
        """Microseconds that one request takes off an hour."""
        return HOUR_MICROSECONDS / self.limit


class SharedCount:
    """What all gateways have allowed. While Valkey does not answer each goes on alone, and catches up afterwards."""

    def __init__(self, url: str, own: Own) -> None:
        """`own` is told what the others have counted. Nothing is opened before `run`."""
        self._own = own
        self._client = Valkey.from_url(
            url, socket_timeout=ANSWER_SECONDS, socket_connect_timeout=ANSWER_SECONDS, retry=Retry(NoBackoff(), 0)
        )
        self._script = self._client.register_script(COUNT)
        self._name, self._gateways = new_id().hex, 2
        self._waiting: dict[str, Uncounted] = {}
        self._sent: dict[str, Uncounted] = {}
        self._urgent = asyncio.Event()
        self._reached: bool | None = None

    @property
    def is_reached(self) -> bool:
        """Whether Valkey answers."""
        return bool(self._reached)

    @property
    def uncounted(self) -> int:
        """Clients of whom others do not know all yet."""
        return len(self._waiting) + len(self._sent)

    def add(self, key: str, limit: int, number: int) -> None:
        """So many requests were allowed here, or fewer than said before (-1)."""
        uncounted = self._of(key, limit)
        if uncounted is not None:
            uncounted.allowed += number
            if self._reached and uncounted.allowed >= self.most_uncounted(limit):
                self._urgent.set()

    def is_behind(self, key: str, limit: int) -> bool:
        """Whether so much of that client is not counted yet that the next request has to be asked for."""
        if not self._reached:
            return False
        waiting, sent = self._waiting.get(key), self._sent.get(key)
        allowed = (0 if waiting is None else waiting.allowed) + (0 if sent is None else sent.allowed)
        return allowed >= self.most_uncounted(limit)

    def most_uncounted(self, limit: int) -> int:
        """Requests of one client that each gateway may allow before the others know of them."""
        return int(limit * MOST_OVER / self._gateways) or 1

    async def ask(self, key: str, limit: int) -> bool | None:
        """Whether one more request is allowed; None where Valkey does not answer."""
        uncounted = self._of(key, limit)
        if uncounted is None:
            return None
        answer: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()
        uncounted.asking.append(answer)
        self._urgent.set()
        return await answer

    def _of(self, key: str, limit: int) -> Uncounted | None:
        found = self._waiting.get(key)
        if found is None and len(self._waiting) < MOST_WAITING:
            found = self._waiting[key] = Uncounted(limit)
        return found

    async def run(self) -> None:
        """Counts until it is cancelled; while Valkey is away it looks for it every second."""
        try:
            while True:
                try:
                    await self._client.ping()
                    self._found()
                    await self._count()
                except (ValkeyError, OSError, TimeoutError) as error:
                    self._lost(error)
                await asyncio.sleep(AGAIN_SECONDS)
        finally:
            self._reached = False
            self._go_on_alone()
            await self._client.aclose()

    async def _count(self) -> None:
        while True:
            if len(self._waiting) < MOST_KEYS:
                with suppress(TimeoutError):
                    async with asyncio.timeout(BATCH_SECONDS):
                        await self._urgent.wait()
            self._urgent.clear()
            if self._waiting:
                await self._count_batch()

    async def _count_batch(self) -> None:
        keys = list(islice(self._waiting, MOST_KEYS))
        self._sent = {key: self._waiting.pop(key) for key in keys}
        given: list[Any] = [self._name]
        for key, each in self._sent.items():
            used = self._own.used(key) * 1e6 - each.allowed * each.step
            known = max(0, int(used) - SLACK_MICROSECONDS)
            given += (each.allowed, len(each.asking), each.step, known)
        answer = await self._script([GATEWAYS, *(PREFIX + key for key in keys)], given)
        self._gateways = max(2, answer[0])
        self._learn(answer[1:])

    def _learn(self, answer: list[int]) -> None:
        sent, self._sent = self._sent, {}
        for at, (key, each) in enumerate(sent.items()):
            since = self._waiting.get(key)
            more = since.allowed * since.step if since is not None else 0
            self._own.learn(key, (answer[2 * at] + more) / 1e6)
            given = answer[2 * at + 1]
            _settle(each.asking[:given], True)
            _settle(each.asking[given:], False)

    def _found(self) -> None:
        self._reached = True
        log.info("rates.shared")

    def _lost(self, error: Exception) -> None:
        if self._reached is not False:
            log.warning("rates.alone", error=repr(error))
        self._reached = False
        self._go_on_alone()

    def _go_on_alone(self) -> None:
        sent, self._sent = self._sent, {}
        for each in (*sent.values(), *self._waiting.values()):
            _settle(each.asking, None)
            each.asking.clear()


def _settle(asking: Iterable[asyncio.Future[bool | None]], allowed: bool | None) -> None:
    for answer in asking:
        if not answer.done():
            answer.set_result(allowed)
