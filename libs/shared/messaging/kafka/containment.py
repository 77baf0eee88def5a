"""Client libraries sometimes let a cancellation of their own tasks out, or swallow ours: neither may end our loops."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from shared.observability.logs import logger

END_SECONDS = 5.0
T = TypeVar("T")
log = logger()


class Broken(Exception):
    """The client was cancelled from inside: it is of no use any more."""


async def contained(work: Coroutine[Any, Any, T], seconds: float | None = None) -> T:
    """Runs it in a task of its own; TimeoutError after so many seconds, whether it lets itself be cancelled or not."""
    task = asyncio.ensure_future(work)
    task.add_done_callback(_look)
    try:
        await asyncio.wait({task}, timeout=seconds)
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait({task}, timeout=END_SECONDS * 2)
        raise
    if not task.done():
        task.cancel()
        raise TimeoutError(f"no answer within {seconds:.0f} s")
    if task.cancelled():
        raise Broken("cancelled by the client itself")
    return task.result()


async def end(client: AIOKafkaProducer | AIOKafkaConsumer, seconds: float = END_SECONDS) -> None:
    """Stops a client that may be broken in any way."""
    try:
        await contained(client.stop(), seconds)
    except Exception as error:
        log.info("kafka.unclean_end", error=repr(error))


def _look(task: "asyncio.Future[Any]") -> None:
    """An exception that nobody waits for any more is no news."""
    if not task.cancelled():
        task.exception()
