"""Hints to the sockets of every process that a feed has new frames."""

import asyncio
from collections.abc import Iterable
from typing import Any

from shared.database.session import Session
from shared.messaging.bus import Bus, Hint
from shared.observability.logs import logger

log = logger()


class Broadcaster:
    """Sends hints on one channel of the bus. A lost hint delays frames until the sockets poll, and loses none."""

    def __init__(self, bus: Bus, channel: str) -> None:
        """`channel` is that of the `Hub` that listens."""
        self._bus, self._channel = bus, channel
        self._under_way: set[asyncio.Task[None]] = set()

    def after_commit(self, session: Session, keys: Iterable[str], **more: Any) -> None:
        """Sends a hint about these feeds after the session's commit; `more` is for other listeners of the channel."""
        hint: Hint = {"keys": sorted(set(keys)), **more}
        if hint["keys"]:
            session.after_commit(lambda: self._begin(hint))

    def _begin(self, hint: Hint) -> None:
        task = asyncio.get_running_loop().create_task(self._send(hint))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _send(self, hint: Hint) -> None:
        try:
            await self._bus.broadcast(self._channel, hint)
        except Exception as error:  # the sockets poll
            log.warning("sockets.hint_failed", channel=self._channel, error=repr(error))
