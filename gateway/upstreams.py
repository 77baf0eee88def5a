"""The addresses of one service: they take turns, and one that fails rests for a while."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from yarl import URL

FAILURES_BEFORE_REST = 3
SHORTEST_REST = 0.2
LONGEST_REST = 2.0


@dataclass(slots=True)
class Address:
    """One place where the service may answer; times are seconds of the monotonic clock."""

    base: str
    failures: int = 0
    rests_until: float = 0.0
    url: URL = field(init=False)

    def __post_init__(self) -> None:
        """Takes the address apart once, not for each request."""
        self.url = URL(self.base)

    def worked(self) -> None:
        """It answered, whatever the status."""
        self.failures, self.rests_until = 0, 0.0

    def failed(self, now: float) -> None:
        """It took no connection, broke off or did not answer in time."""
        self.failures += 1
        self.rests_until = now + self.rest

    @property
    def rest(self) -> float:
        """How long it is left alone after its present failures in a row: nothing for the first two, then doubling."""
        doublings = self.failures - FAILURES_BEFORE_REST
        return 0.0 if doublings < 0 else min(LONGEST_REST, SHORTEST_REST * 2.0 ** min(doublings, 10))


class Addresses:
    """The circuit breaker: while all rest, requests are refused at once instead of waiting for time-outs."""

    def __init__(self, bases: tuple[str, ...], clock: Callable[[], float] = time.monotonic) -> None:
        self._all = [Address(base.rstrip("/")) for base in bases]
        self._next = 0
        self._clock = clock

    def in_turn(self) -> Iterator[Address]:
        """Those to try for one request, best first; a rested one is given to a single request, which decides."""
        self._next = (self._next + 1) % len(self._all)
        for address in self._all if len(self._all) == 1 else self._all[self._next :] + self._all[: self._next]:
            now = self._clock()
            if address.rests_until > now:
                continue
            address.rests_until = now + address.rest
            yield address

    def failed(self, address: Address) -> None:
        """Notes a failure of that address."""
        address.failed(self._clock())
