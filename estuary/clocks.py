"""Business time in a process of its own: the sandbox's clock, asked again and again."""

import asyncio
from datetime import timedelta

from shared.clock import SandboxClock
from shared.errors import AppError
from shared.logs import logger
from shared.peers import Peers

EVERY_SECONDS = 0.4
log = logger()


async def follow(clock: SandboxClock, peers: Peers) -> None:
    """Takes over the sandbox's offset for ever; keeps the last one while the sandbox is away."""
    away = False
    while True:
        try:
            answer = await peers.get("sandbox", "/internal/clock/")
            clock.set_offset(timedelta(seconds=float(answer["offset_seconds"])))
            away = False
        except AppError as error:
            if not away:
                log.warning("clock.sandbox_is_away", error=error.detail)
            away = True
        await asyncio.sleep(EVERY_SECONDS)
