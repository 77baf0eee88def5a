"""Two gateways with one Valkey, over HTTP: how much they allow together, and what a kill of it does to answers."""

import asyncio
import time
from collections import Counter
from contextlib import AsyncExitStack

import aiohttp
import pytest

from devtools.testing.servers import until
from devtools.testing.valkey_servers import running_valkey
from shared.concurrency.tasks import end

BOOKINGS = "/api/v1/bookings/"
CONNECTIONS = 20


@pytest.fixture
async def valkey():
    async with running_valkey() as server:
        yield server


@pytest.fixture
async def gateways(gateway, served, valkey):
    """The sessions of a client with each of two gateways, which have found Valkey."""
    async with AsyncExitStack() as stack:

        async def start(**env: str) -> list[aiohttp.ClientSession]:
            apps = [gateway(REDIS_URL=valkey.url, GATEWAY_ACCESS_LOG="off", **env) for _ in "12"]
            stack.push_async_callback(end, *(asyncio.create_task(app.run()) for app in apps))
            await until(lambda: all(app._limits.shared.is_reached for app in apps))
            addresses = [await stack.enter_async_context(served(app)) for app in apps]
            return [await stack.enter_async_context(aiohttp.ClientSession(f"http://{one}")) for one in addresses]

        yield start


async def ask(session: aiohttp.ClientSession, token: str) -> int:
    async with session.get(BOOKINGS, headers={"Authorization": f"Bearer {token}"} if token else {}) as answer:
        await answer.read()
        return answer.status


@pytest.mark.parametrize(("signed", "limit"), [(False, 100), (True, 1000)])
async def test_an_hour_is_exceeded_by_a_twentieth_at_most(gateways, token_of, signed, limit):
    sessions, token, statuses = await gateways(), token_of() if signed else "", Counter[int]()

    async def client(session: aiohttp.ClientSession) -> None:
        for _ in range(limit // CONNECTIONS + 3):
            statuses[await ask(session, token)] += 1

    began = time.monotonic()
    await asyncio.gather(*(client(session) for session in sessions for _ in range(CONNECTIONS)))
    came_free = (time.monotonic() - began) * limit / 3600 + 1
    assert set(statuses) == {200, 429}
    assert limit <= statuses[200] <= 1.05 * limit + came_free


async def test_a_kill_of_valkey_under_load_is_seen_by_no_request(gateways, valkey, token_of):
    sessions, tokens = await gateways(GATEWAY_RATE_USER="100000"), [token_of() for _ in range(4)]
    waits: dict[str, list[float]] = {"before": [], "while it is away": [], "after": []}
    phase, statuses = "before", Counter[int]()

    async def client(session: aiohttp.ClientSession, token: str) -> None:
        while phase != "over":
            began, of = time.perf_counter(), waits[phase]
            statuses[await ask(session, token)] += 1
            of.append(time.perf_counter() - began)

    clients = [asyncio.create_task(client(session, token)) for session in sessions for token in tokens]
    await asyncio.sleep(1.5)
    phase = "while it is away"
    await valkey.kill()
    await asyncio.sleep(1.5)
    phase = "after"
    await valkey.start()
    await asyncio.sleep(2)
    phase = "over"
    await asyncio.gather(*clients)
    late = {name: sorted(seen)[len(seen) * 99 // 100] for name, seen in waits.items()}
    assert set(statuses) == {200}
    assert max(late.values()) < 2 * late["before"] + 0.02, late
