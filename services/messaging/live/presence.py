"""Who has a chat open, and who types: hints between the processes, in memory only.

Each process publishes its own sockets: every change at once, and all of them every 20 seconds. What another process
published counts for 50 seconds, so that the sockets of a process that died do not stay online.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from typing import Any
from uuid import UUID

from services.messaging.live.frames import PresenceChange
from shared.concurrency.tasks import end
from shared.messaging.bus import Bus, Hint
from shared.observability.logs import logger
from shared.records.ids import new_id

CHANNEL = "messaging.presence"
PUBLISH_SECONDS, VALID_SECONDS = 20.0, 50.0
MOST_PER_HINT = 500
Attendance = tuple[UUID, UUID]
"""A conversation, and a user who has it open."""
OnChange = Callable[[Attendance, PresenceChange], None]
log = logger()


class Presence:
    """The open chats of all processes, as far as this one knows."""

    def __init__(self, bus: Bus, on_change: OnChange) -> None:
        """`on_change` is called for changes in every process, this one too."""
        self._bus, self._process, self._on_change = bus, str(new_id()), on_change
        self._own: Counter[Attendance] = Counter()
        self._others: dict[Attendance, dict[str, float]] = defaultdict(dict)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] | None = None

    async def start(self) -> None:
        """Begins to listen, and asks the other processes for their sockets."""
        self._stop_listening = self._bus.listen(CHANNEL, self._on_hint)
        self._run(self._publish_regularly())
        self._publish({"who": True})

    async def stop(self) -> None:
        """Stops listening; the sockets were closed before, and each closing was published."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        await end(*self._tasks)

    def is_online(self, attendance: Attendance) -> bool:
        """Whether the user has that chat open in any process."""
        if attendance in self._own:
            return True
        now = time.monotonic()
        return any(until > now for until in self._others.get(attendance, {}).values())

    def opened(self, attendance: Attendance) -> None:
        """A socket was opened in this process."""
        was_online = self.is_online(attendance)
        self._own[attendance] += 1
        if self._own[attendance] == 1:
            self._publish({"online": [_plain(attendance)]})
        if not was_online:
            self._on_change(attendance, "online")

    def closed(self, attendance: Attendance) -> None:
        """A socket of this process ended."""
        self._own[attendance] -= 1
        if self._own[attendance] > 0:
            return
        del self._own[attendance]
        self._publish({"offline": [_plain(attendance)]})
        if not self.is_online(attendance):
            self._on_change(attendance, "offline")

    def typing(self, attendance: Attendance) -> None:
        """The user types a message."""
        self._publish({"typing": [_plain(attendance)]})
        self._on_change(attendance, "typing")

    def _on_hint(self, hint: Hint) -> None:
        process = hint["process"]
        if process == self._process:
            return
        if hint.get("who"):
            self._publish_all()
        for attendance in map(_attendance, hint.get("online", [])):
            self._set(attendance, process, time.monotonic() + VALID_SECONDS)
        for attendance in map(_attendance, hint.get("offline", [])):
            self._set(attendance, process, 0.0)
        for attendance in map(_attendance, hint.get("typing", [])):
            self._on_change(attendance, "typing")

    def _set(self, attendance: Attendance, process: str, until: float) -> None:
        was_online = self.is_online(attendance)
        self._others[attendance][process] = until
        self._drop_expired(attendance)
        if self.is_online(attendance) is not was_online:
            self._on_change(attendance, "offline" if was_online else "online")

    def _drop_expired(self, attendance: Attendance) -> None:
        now = time.monotonic()
        valid = {process: until for process, until in self._others[attendance].items() if until > now}
        if valid:
            self._others[attendance] = valid
        else:
            del self._others[attendance]

    async def _publish_regularly(self) -> None:
        while True:
            await asyncio.sleep(PUBLISH_SECONDS)
            for attendance in list(self._others):
                self._drop_expired(attendance)
            self._publish_all()

    def _publish_all(self) -> None:
        own = [_plain(attendance) for attendance in self._own]
        for first in range(0, len(own), MOST_PER_HINT):
            self._publish({"online": own[first : first + MOST_PER_HINT]})

    def _publish(self, hint: Hint) -> None:
        self._run(self._send({"process": self._process, **hint}))

    async def _send(self, hint: Hint) -> None:
        try:
            await self._bus.broadcast(CHANNEL, hint)
        except Exception as error:  # without the hint a user is shown as offline for a while
            log.warning("presence.hint_failed", error=repr(error))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _plain(attendance: Attendance) -> list[str]:
    return [str(part) for part in attendance]


def _attendance(plain: list[str]) -> Attendance:
    return UUID(plain[0]), UUID(plain[1])
