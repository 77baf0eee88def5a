"""One leader per schema at a time, and another one soon after it is gone."""

import asyncio
from contextlib import AsyncExitStack

import asyncpg
import pytest

from devtools.testing.fixtures import RuntimeFactory
from devtools.testing.waiting import PATIENCE
from shared.runtime import Runtime
from shared.work.worker import leadership


@pytest.fixture
async def toy_runtime(runtime_for: RuntimeFactory) -> Runtime:
    runtime: Runtime = await runtime_for("toy")
    return runtime


async def test_second_waits_for_the_first(toy_runtime: Runtime) -> None:
    async with AsyncExitStack() as stack:
        first = AsyncExitStack()
        await first.enter_async_context(leadership(toy_runtime))
        second = asyncio.create_task(stack.enter_async_context(leadership(toy_runtime)))
        await asyncio.sleep(1.5)
        assert not second.done()
        await first.aclose()
        await asyncio.wait_for(second, PATIENCE)


async def test_leader_that_loses_its_connection_knows_and_is_followed(toy_runtime: Runtime) -> None:
    async with leadership(toy_runtime) as lost, AsyncExitStack() as stack:
        second = asyncio.create_task(stack.enter_async_context(leadership(toy_runtime)))
        await asyncio.sleep(0.5)
        admin = await asyncpg.connect(toy_runtime.db.url)
        ended = await admin.fetch(
            "select pg_terminate_backend(l.pid) from pg_locks l join pg_database d on d.oid = l.database "
            "where l.locktype = 'advisory' and l.granted and d.datname = current_database()"
        )
        await admin.close()
        assert len(ended) == 1
        await asyncio.wait_for(lost.wait(), PATIENCE)
        await asyncio.wait_for(second, PATIENCE)
