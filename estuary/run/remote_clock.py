"""Business time in a process of its own: the sandbox's clock, followed over the network."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta

from shared.errors import AppError
from shared.internal.sandbox import CLOCK
from shared.messaging.bus import Hint
from shared.observability.logs import logger
from shared.peers import Peers
from shared.records.clock import SandboxClock

AGAIN_SECONDS = 0.25
log = logger()


async def wait_until_known(clock: SandboxClock, peers: Peers) -> None:
    """Returns when the sandbox has answered what time it is: nothing may happen at a wrong time before."""
    logged = False
    while not await _fetch(clock, peers, {}):
        if not logged:
            log.warning("clock.waits_for_sandbox")
        logged = True
        await asyncio.sleep(AGAIN_SECONDS)


def apply(clock: SandboxClock, hint: Hint) -> None:
    """Takes over the offset that the sandbox has published."""
    clock.set_offset(timedelta(seconds=float(hint["offset_seconds"])))


async def follow(clock: SandboxClock, peers: Peers) -> None:
    """Takes over every change for ever; keeps the last known time while the sandbox is away.

    The sandbox answers when its clock was moved, and every two seconds anyway: a change is known at once.
    """
    away = False
    while True:
        known = await _fetch(clock, peers, {"after": clock.offset.total_seconds()})
        if not known and not away:
            log.warning("clock.sandbox_is_away")
        away = not known
        await asyncio.sleep(AGAIN_SECONDS if away else 0)


async def _fetch(clock: SandboxClock, peers: Peers, query: Mapping[str, float]) -> bool:
    try:
        answer = await peers.ask(CLOCK, query=query)
    except AppError:
        return False
    clock.set_offset(timedelta(seconds=answer.offset_seconds))
    return True
