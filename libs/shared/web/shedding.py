"""What a process refuses when it has too much to do: it knows how late its event loop is and how many requests wait."""

import asyncio
import math
import time
import weakref
from collections import deque
from collections.abc import Callable
from enum import IntEnum

from pydantic import Field

from shared.errors import Overloaded
from shared.observability import metrics
from shared.settings import ServiceSettings

TICK_SECONDS = 0.1
LOOKS = 3
"""In a row in which the loop has to be late: one pause, however long, refuses nobody."""
REMEMBERED_SECONDS = 1.0
"""So long it takes until most of it is forgotten: what is refused makes the loop punctual at once."""
LATEST = 5.0
"""A machine that slept is not overloaded for as long as it slept."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
NEVER_SHED = ("/health", "/metrics", "/internal/", "/sandbox/")
"""What others wait for who were admitted already, and the sandbox, which answers as a provider would."""
SHED_LAST = ("/api/v1/webhooks/", "/api/v1/payments/")
SHED_LAST_ENDINGS = ("/cancel", "/purchase")
MOST_ANONYMOUS = 8
"""Anonymous reads that one service works on at once: fewer than its connections to the database, and each more would
make every other request wait longer for its turn of the loop."""


class LoadSettings(ServiceSettings):
    """From when on a process refuses anonymous reads; the next classes at twice, four and eight times as much."""

    shed_late_seconds: float = Field(default=0.5, gt=0, validation_alias="ESTUARY_SHED_LATE_SECONDS")
    shed_waiting: int = Field(default=128, ge=1, validation_alias="ESTUARY_SHED_WAITING")


class Importance(IntEnum):
    """In the order in which requests are refused."""

    ANONYMOUS_READ = 0
    READ = 1
    WRITE = 2
    LAST = 3
    """Payments, webhooks, cancels."""

    @property
    def withstands(self) -> float:
        """The pressure from which on it is refused; 1 is that of the settings."""
        return 2.0**self

    @property
    def again_seconds(self) -> int:
        """Who is refused first comes back last."""
        return 5 - self


def importance_of(method: str, path: str, *, signed: bool) -> Importance | None:
    """The class of a request, None for one that is never refused; `signed`: whether it has an Authorization header."""
    if path.startswith(NEVER_SHED):
        return None
    if path.startswith(SHED_LAST) or path.rstrip("/").endswith(SHED_LAST_ENDINGS):
        return Importance.LAST
    if method not in SAFE_METHODS:
        return Importance.WRITE
    return Importance.READ if signed else Importance.ANONYMOUS_READ


class Load:
    """What one process, or one service in it, has to do at this moment."""

    def __init__(self, settings: LoadSettings, service: str, clock: Callable[[], float] = time.monotonic) -> None:
        """`service` names it in metrics; `clock` in seconds. Looks at the loop from the first request on."""
        self._settings, self._clock = settings, clock
        self._late, self._looked_at = 0.0, 0.0
        self._looks: deque[float] = deque(maxlen=LOOKS)
        self._watching = False
        self.waiting = 0
        """Requests that are complete and whose answer has not begun."""
        self.turns = asyncio.Semaphore(MOST_ANONYMOUS)
        """Of anonymous reads: all others are served before those that wait for one."""
        self._late_shown = metrics.LOOP_LATE.labels(service)
        self._shed = {kind: metrics.REQUESTS_SHED.labels(service, kind.name.lower()) for kind in Importance}

    @property
    def pressure(self) -> float:
        """From 1 on something is refused."""
        return max(self._late / self._settings.shed_late_seconds, self.waiting / self._settings.shed_waiting)

    def admit(self, method: str, path: str, *, signed: bool) -> None:
        """Raises Overloaded where a request of that kind is too much now."""
        if not self._watching:
            self._watching, self._looked_at = True, self._clock()
            self._look_later()
        if (pressure := self.pressure) < 1:
            return
        kind = importance_of(method, path, signed=signed)
        if kind is not None and pressure >= kind.withstands:
            self._shed[kind].inc()
            raise Overloaded(headers={"Retry-After": str(kind.again_seconds)})

    def note(self, late: float, seconds: float) -> None:
        """The loop was so late after that many seconds."""
        self._looks.append(min(late, LATEST))
        lasting = min(self._looks) if len(self._looks) == LOOKS else 0.0
        self._late = max(lasting, self._late * math.exp(-seconds / REMEMBERED_SECONDS))
        self._late_shown.set(self._late)

    def look(self) -> None:
        """At how late the loop is, and again a tick later."""
        now = self._clock()
        seconds, self._looked_at = now - self._looked_at, now
        self.note(max(0.0, seconds - TICK_SECONDS), seconds)
        self._look_later()

    def _look_later(self) -> None:
        asyncio.get_running_loop().call_later(TICK_SECONDS, _look, weakref.ref(self))


def _look(load: "weakref.ref[Load]") -> None:
    """By a timer that ends with its app: a strong reference would keep both for as long as the loop runs."""
    if (living := load()) is not None:
        living.look()


class Waiting:
    """One request among those that wait: from when it is complete until its answer begins."""

    __slots__ = ("_counted", "_has_turn", "_load")

    def __init__(self, load: Load) -> None:
        """Not complete yet: who sends a body slowly makes no work."""
        self._load, self._counted, self._has_turn = load, False, False

    def begin(self) -> None:
        """It is complete."""
        if not self._counted:
            self._counted = True
            self._load.waiting += 1

    async def turn(self) -> None:
        """Waits until there are few enough anonymous reads before it; until `end` it is one of them."""
        await self._load.turns.acquire()
        self._has_turn = True

    def end(self) -> None:
        """Its answer begins, or there will be none."""
        if self._has_turn:
            self._has_turn = False
            self._load.turns.release()
        if self._counted:
            self._counted = False
            self._load.waiting -= 1
