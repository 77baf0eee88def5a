"""Who has a chat open, and who types: hints between the processes, kept in memory only and never stored.

Each process tells of its own sockets: at every change, and all of them every 20 seconds. What was told is believed for
50 seconds, so that the sockets of a process that died are forgotten.
"""

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine, Iterable
from typing import Any
from uuid import UUID

from shared.concurrency.tasks import end
from shared.messaging.bus import Bus, Hint
from shared.observability.logs import logger
from shared.records.ids import new_id

CHANNEL = "messaging.presence"
TELL_EVERY, BELIEVE_FOR = 20.0, 50.0
IN_ONE_HINT = 500
Place = tuple[UUID, UUID]
"""A conversation, and a person in it."""
OnChange = Callable[[Place, str], None]
"""Takes `online`, `offline` or `typing` of somebody."""
log = logger()


class Presence:
    """The open chats of all processes, as far as this one has heard."""

    def __init__(self, bus: Bus, on_change: OnChange) -> None:
        """Hears and tells nothing before `start`."""
        self._bus, self._process, self._on_change = bus, str(new_id()), on_change
        self._here: Counter[Place] = Counter()
        self._elsewhere: dict[Place, dict[str, float]] = defaultdict(dict)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stop_listening: Callable[[], None] | None = None

    async def start(self) -> None:
        """Begins to listen, and asks the other processes who is there."""
        self._stop_listening = self._bus.listen(CHANNEL, self._heard)
        self._run(self._keep_telling())
        self._tell({"who": True})

    async def stop(self) -> None:
        """Ends; the sockets were closed before, and each said so."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        await end(*self._tasks)

    def is_online(self, place: Place) -> bool:
        """Whether the person has that chat open anywhere."""
        if place in self._here:
            return True
        now = time.monotonic()
        return any(until > now for until in self._elsewhere.get(place, {}).values())

    def away(self, conversation_id: UUID, user_ids: Iterable[UUID]) -> list[UUID]:
        """Those of them who have not opened that chat."""
        return [user_id for user_id in user_ids if not self.is_online((conversation_id, user_id))]

    def came(self, place: Place) -> None:
        """A socket was opened here."""
        was_online = self.is_online(place)
        self._here[place] += 1
        if self._here[place] == 1:
            self._tell({"online": [_plain(place)]})
        if not was_online:
            self._on_change(place, "online")

    def left(self, place: Place) -> None:
        """A socket of this process ended."""
        self._here[place] -= 1
        if self._here[place] > 0:
            return
        del self._here[place]
        self._tell({"offline": [_plain(place)]})
        if not self.is_online(place):
            self._on_change(place, "offline")

    def types(self, place: Place) -> None:
        """The person is writing something."""
        self._tell({"typing": [_plain(place)]})
        self._on_change(place, "typing")

    def _heard(self, hint: Hint) -> None:
        process = hint["process"]
        if process == self._process:
            return
        if hint.get("who"):
            self._tell_all()
        for place in map(_place, hint.get("online", [])):
            self._heard_of(place, process, time.monotonic() + BELIEVE_FOR)
        for place in map(_place, hint.get("offline", [])):
            self._heard_of(place, process, 0.0)
        for place in map(_place, hint.get("typing", [])):
            self._on_change(place, "typing")

    def _heard_of(self, place: Place, process: str, until: float) -> None:
        was_online = self.is_online(place)
        self._elsewhere[place][process] = until
        self._forget_the_silent(place)
        if self.is_online(place) is not was_online:
            self._on_change(place, "offline" if was_online else "online")

    def _forget_the_silent(self, place: Place) -> None:
        now = time.monotonic()
        living = {process: until for process, until in self._elsewhere[place].items() if until > now}
        if living:
            self._elsewhere[place] = living
        else:
            del self._elsewhere[place]

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(TELL_EVERY)
            for place in list(self._elsewhere):
                self._forget_the_silent(place)
            self._tell_all()

    def _tell_all(self) -> None:
        places = [_plain(place) for place in self._here]
        for first in range(0, len(places), IN_ONE_HINT):
            self._tell({"online": places[first : first + IN_ONE_HINT]})

    def _tell(self, hint: Hint) -> None:
        self._run(self._send({"process": self._process, **hint}))

    async def _send(self, hint: Hint) -> None:
        try:
            await self._bus.broadcast(CHANNEL, hint)
        except Exception as error:  # a hint that is lost shows somebody as away, it loses nothing
            log.warning("presence.hint_failed", error=repr(error))

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _plain(place: Place) -> list[str]:
    return [str(part) for part in place]


def _place(plain: list[str]) -> Place:
    return UUID(plain[0]), UUID(plain[1])
