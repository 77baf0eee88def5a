"""How long a service may take to begin its answer."""

import asyncio
from types import TracebackType
from typing import Self

from gateway.errors import GatewayTimeout


class Deadlines:
    """One timer for all requests, since all have the same time: a timer for each is dear, and hardly ever fires."""

    def __init__(self, seconds: float) -> None:
        """From `begin`, or the last part of the request's body, to the beginning of the answer."""
        self._seconds = seconds
        self._waiting: dict[Deadline, float] = {}
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> "Deadline":
        """A context for the task that waits for an answer from now on."""
        loop, deadline = asyncio.get_running_loop(), Deadline(self._waiting, self._seconds)
        self._waiting[deadline] = ends_at = loop.time() + self._seconds
        if self._timer is None:
            self._timer = loop.call_at(ends_at, self._fire, loop)
        return deadline

    def _fire(self, loop: asyncio.AbstractEventLoop) -> None:
        # They stand in the order in which their times end. The loop's clock ticks in milliseconds.
        self._timer = None
        while self._waiting:
            deadline, ends_at = next(iter(self._waiting.items()))
            if ends_at > loop.time() + 0.001:
                self._timer = loop.call_at(ends_at, self._fire, loop)
                return
            deadline.expire()


class Deadline:
    """The time of one request: raises GatewayTimeout in its task where it is over before `end` was called."""

    __slots__ = ("_expired", "_seconds", "_task", "_waiting")

    def __init__(self, waiting: "dict[Deadline, float]", seconds: float) -> None:
        """Of the present task; `waiting` has those that have not ended."""
        self._waiting, self._seconds = waiting, seconds
        self._expired = False
        task = asyncio.current_task()
        assert task is not None
        self._task = task

    def restart(self) -> None:
        """The client has sent more of its body: how long that may take is the server's to say."""
        if self._waiting.pop(self, None) is not None:
            self._waiting[self] = asyncio.get_running_loop().time() + self._seconds

    def end(self) -> None:
        """The answer has begun, and may go on as long as it likes."""
        self._waiting.pop(self, None)

    def expire(self) -> None:
        """Its time is over."""
        self.end()
        self._expired = True
        self._task.cancel()

    def __enter__(self) -> Self:
        """The service is called within."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Ends it; only a cancellation of its own becomes GatewayTimeout."""
        self.end()
        if kind is asyncio.CancelledError and self._expired and self._task.uncancel() == 0:
            raise GatewayTimeout from None
