"""How much one caller may send, hold open or leave unread before the server ends it."""

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from gateway.headers import is_loopback
from gateway.limits import network_of
from gateway.settings import GatewaySettings
from shared.observability.logs import logger

log = logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """Sizes in bytes, durations in seconds."""

    request_line: int
    head: int
    fields: int
    head_seconds: float = 10.0
    body_seconds: float = 30.0
    stall_seconds: float = 30.0
    """For how long a caller may take nothing of its answer."""
    waiting: int = 4
    """Requests of one connection that may wait for the answer to an earlier one."""
    messages: int | None = None
    """Messages of one WebSocket in ten seconds; ten times as many frames."""


PUBLIC = Limits(request_line=8 * 1024, head=32 * 1024, fields=100, messages=60)
INNER = Limits(request_line=16 * 1024, head=64 * 1024, fields=200, body_seconds=60.0)
"""Behind the gateway, which adds headers of its own."""


class Admission:
    """Counts the open connections, in all and of each network."""

    def __init__(self, most: int, most_of_one: int, is_one_caller: Callable[[str], bool]) -> None:
        """`is_one_caller`: whether an address stands for one caller, so that the second limit holds for it."""
        self._most, self._most_of_one, self._is_one_caller = most, most_of_one, is_one_caller
        self._open, self._by_network = 0, Counter[str]()
        self._refused, self._said_at = 0, -math.inf

    @classmethod
    def of(cls, settings: GatewaySettings) -> "Admission":
        """By the gateway's settings; loopback and trusted proxies stand for many callers."""
        proxies = settings.proxies
        return cls(
            settings.max_connections,
            settings.max_connections_per_address,
            lambda address: not (is_loopback(address) or proxies.include(address)),
        )

    def enter(self, address: str) -> Callable[[], None] | None:
        """Counts one more and returns what to call at its end, once; None where there are too many."""
        network = network_of(address) if self._is_one_caller(address) else ""
        if self._open >= self._most or (network and self._by_network[network] >= self._most_of_one):
            self._say_refused()
            return None
        self._open += 1
        self._by_network[network] += 1

        def leave() -> None:
            self._open -= 1
            self._by_network[network] -= 1
            if not self._by_network[network]:
                del self._by_network[network]

        return leave

    def _say_refused(self) -> None:
        """One line a second at most: there may be thousands."""
        self._refused += 1
        if (now := time.monotonic()) - self._said_at >= 1:
            log.warning("connections.refused", number=self._refused, open=self._open)
            self._refused, self._said_at = 0, now
