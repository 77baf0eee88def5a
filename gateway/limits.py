"""How much of one caller is under way at once."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import IPv6Address, ip_network

from gateway.errors import BodyTooLarge, TooManyRequests
from gateway.headers import is_loopback, parsed
from shared.auth.verification import Caller
from shared.errors import Overloaded

MOST_SOCKETS_OF_PERSON, MOST_SOCKETS_OF_NETWORK = 20, 100
MOST_BODIES_OF_ONE = 4 * 1024 * 1024
"""Bytes. A body is in memory, where it came slowly for half a minute, until its request is answered."""
MOST_TURNS_OF_ONE, TURN_SECONDS, GAP_SECONDS = 3, 0.25, 0.01
SMALL_BODY = 16 * 1024
"""Bytes."""


class OpenSockets:
    """The WebSockets that are open in this process, by person and by network; loopback stands for many callers."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    @contextmanager
    def one_more(self, caller: Caller | None, address: str) -> Iterator[None]:
        """Counts one for as long as the context lasts; raises TooManyRequests."""
        limits = {str(caller.user_id): MOST_SOCKETS_OF_PERSON} if caller else {}
        if not is_loopback(address):
            limits[network_of(address)] = MOST_SOCKETS_OF_NETWORK
        if any(self._open[key] >= most for key, most in limits.items()):
            raise TooManyRequests("Too many live connections are open.", headers={"Retry-After": "10"})
        self._open.update(limits.keys())
        try:
            yield
        finally:
            self._open.subtract(limits.keys())
            for key in limits:
                if not self._open[key]:
                    del self._open[key]


def caller_of(caller: Caller | None, address: str) -> str:
    """Whose limit it is: the person's, without one the network's."""
    return str(caller.user_id) if caller else network_of(address)


class OpenBodies:
    """The bytes of bodies whose requests are not answered yet, by caller."""

    def __init__(self) -> None:
        self._open: Counter[str] = Counter()

    def take(self, caller: str, number: int) -> bool:
        """Counts so many more; False, and counts none, where they would be too many."""
        if self._open[caller] + number > MOST_BODIES_OF_ONE:
            return False
        self._open[caller] += number
        return True

    def give_back(self, caller: str, number: int) -> None:
        """Those of a request that has ended."""
        self._open[caller] -= number
        if not self._open[caller]:
            del self._open[caller]


class Turns:
    """Requests of one caller beyond a few wait for the earlier ones: what many send at once is spread over time.

    They wait for a moment only, since slow requests may hold all turns: this delays a caller, and never stops one. Each
    waits a little longer than the one before it, or all that came at once would go on at once.
    """

    def __init__(self) -> None:
        self._queues: dict[str, _Queue] = {}

    def one(self, caller: str) -> "Turn":
        """A context for one request of that caller."""
        return Turn(self._queues, caller)


class _Queue(asyncio.Semaphore):
    """The turns of one caller, and how many requests want one or have one."""

    wanted = 0


class Turn:
    """Of one request. A class, since every request has one: a generator would cost as much as the turn itself."""

    __slots__ = ("_caller", "_queue", "_queues", "_taken")

    def __init__(self, queues: dict[str, _Queue], caller: str) -> None:
        """`queues` has those of all callers with requests under way."""
        self._queues, self._caller, self._taken = queues, caller, False
        self._queue = queues.get(caller) or queues.setdefault(caller, _Queue(MOST_TURNS_OF_ONE))
        self._queue.wanted += 1

    async def __aenter__(self) -> None:
        """Waits for it for a moment."""
        try:
            await self._take()
        except BaseException:
            self._leave()
            raise

    async def __aexit__(self, *_: object) -> None:
        """Gives it to the next."""
        if self._taken:
            self._queue.release()
        self._leave()

    async def _take(self) -> None:
        if not self._queue.locked():
            self._taken = await self._queue.acquire()  # at once: a timer for it would cost more than all else here
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(TURN_SECONDS + GAP_SECONDS * self._queue.wanted):
                self._taken = await self._queue.acquire()

    def _leave(self) -> None:
        self._queue.wanted -= 1
        if not self._queue.wanted:
            del self._queues[self._caller]


class BodyAllowance:
    """What one request may have of its body in memory: a small one is not counted among the caller's others."""

    __slots__ = ("_address", "_bodies", "_caller", "_held", "_key", "_most")

    def __init__(self, bodies: OpenBodies, most: int, caller: Caller | None, address: str) -> None:
        """At most that many bytes."""
        self._bodies, self._most = bodies, most
        self._caller, self._address = caller, address
        self._key, self._held = "", 0

    def count(self, total: int) -> None:
        """So many bytes have come: raises BodyTooLarge, or Overloaded where the caller has much more under way."""
        if total > self._most:
            raise BodyTooLarge()
        if total <= SMALL_BODY:
            return
        self._key = self._key or caller_of(self._caller, self._address)
        if not self._bodies.take(self._key, total - self._held):
            raise Overloaded()
        self._held = total

    def release(self) -> None:
        """The request is answered, and nothing of its body is in memory any more."""
        if self._held:
            self._bodies.give_back(self._key, self._held)
            self._held = 0


def network_of(address: str) -> str:
    """An IPv4 address as it is, an IPv6 one by its /64: one household, one limit.

    An IPv4 peer of a socket for both is IPv4 too (`::ffff:192.0.2.1`): by /64 all of them would be one caller.
    """
    if ":" not in address:
        return address
    known = parsed(address)
    if not isinstance(known, IPv6Address):
        return address if known is None else str(known)
    return str(ip_network((int(known), 64), strict=False))
