"""Several gateways that count together in a real Valkey, which may be killed, stopped or empty."""

import asyncio
import time
from collections import Counter

import pytest

from devtools.testing.servers import until
from devtools.testing.valkey_servers import running_valkey
from gateway.errors import TooManyRequests
from gateway.rates import RateLimits
from gateway.settings import GatewaySettings
from gateway.shared_rates import SharedCount
from shared.concurrency.tasks import end

ADDRESS, OTHER = "203.0.113.7", "203.0.113.8"


@pytest.fixture
async def valkey():
    async with running_valkey() as server:
        yield server


@pytest.fixture
async def limits_of(valkey):
    """Makes the limits of one gateway, running and in touch with Valkey."""
    running = []

    async def make(**env: str) -> RateLimits:
        limits = RateLimits(GatewaySettings.of({"REDIS_URL": valkey.url, **env}))
        running.append(asyncio.create_task(limits.run()))
        await until(lambda: shared_of(limits).is_reached)
        return limits

    yield make
    await end(*running)


def shared_of(limits: RateLimits) -> SharedCount:
    assert limits.shared is not None
    return limits.shared


async def allowed(limits: RateLimits, address: str = ADDRESS) -> bool:
    try:
        await limits.spend(None, address)
    except TooManyRequests:
        return False
    return True


async def left(limits: RateLimits, address: str = ADDRESS) -> int:
    """What its next answer says is left; that answer counts itself."""
    return int(dict(await limits.spend(None, address))[b"ratelimit-remaining"])


async def counted(limits: RateLimits) -> None:
    """Returns when all that was allowed is known to the others."""
    await until(lambda: not shared_of(limits).uncounted)


@pytest.mark.parametrize("limit", [100, 1000])
@pytest.mark.parametrize("at_once", [1, 7, 400])
async def test_two_gateways_allow_a_twentieth_too_much_at_most(limits_of, limit, at_once):
    gateways = [await limits_of(GATEWAY_RATE_ANONYMOUS=str(limit)) for _ in "12"]
    counts = Counter[bool]()

    async def ask(gateway: RateLimits, times: int) -> None:
        for _ in range(times):
            counts[await allowed(gateway)] += 1
            await asyncio.sleep(0)

    await asyncio.gather(*(ask(gateway, 2 * limit // at_once + 1) for gateway in gateways for _ in range(at_once)))
    assert limit <= counts[True] <= 1.05 * limit + 1  # one more comes free while it runs
    assert counts[False] >= 2 * limit


async def test_a_second_gateway_knows_what_the_first_has_allowed(limits_of):
    first, second = [await limits_of(GATEWAY_RATE_ANONYMOUS="100") for _ in "12"]
    for _ in range(60):
        assert await allowed(first)
    await counted(first)
    assert await allowed(second)
    await counted(second)
    assert await left(second) == 38
    assert await left(second, OTHER) == 99


async def test_few_requests_are_allowed_without_a_word_from_valkey(limits_of, valkey):
    limits = await limits_of(GATEWAY_RATE_ANONYMOUS="1000")
    valkey.stop_answering()
    try:
        began = time.monotonic()
        assert all([await allowed(limits) for _ in range(25)])
        assert time.monotonic() - began < 0.2
    finally:
        valkey.answer_again()


async def test_without_an_answer_each_counts_alone_and_nobody_waits_long(limits_of, valkey):
    limits = await limits_of(GATEWAY_RATE_ANONYMOUS="100")
    valkey.stop_answering()
    try:
        async with asyncio.timeout(5):
            answers = await asyncio.gather(*(allowed(limits) for _ in range(150)))
        assert Counter(answers) == {True: 100, False: 50}
    finally:
        valkey.answer_again()


async def test_killed_under_load_it_takes_no_request_with_it_and_what_was_counted_is_not_forgotten(limits_of, valkey):
    gateways = [await limits_of(GATEWAY_RATE_ANONYMOUS="1000") for _ in "12"]
    for gateway in gateways:
        assert all(await asyncio.gather(*(allowed(gateway) for _ in range(100))))
        await counted(gateway)
    asking = [asyncio.create_task(allowed(gateway)) for gateway in gateways for _ in range(100)]
    await valkey.kill()
    assert all(await asyncio.gather(*asking))
    await until(lambda: not any(shared_of(gateway).is_reached for gateway in gateways))
    for gateway in gateways:
        assert all(await asyncio.gather(*(allowed(gateway) for _ in range(100))))
    await valkey.start()
    await until(lambda: all(shared_of(gateway).is_reached for gateway in gateways))
    for gateway in gateways:
        await counted(gateway)
    third = await limits_of(GATEWAY_RATE_ANONYMOUS="1000")
    assert await allowed(third)
    await counted(third)
    assert await left(third) <= 1000 - 200 - 2 * 100  # both batches of the kill may be lost, nothing else


async def test_one_that_was_held_and_given_back_is_not_counted(limits_of):
    first, second = [await limits_of(GATEWAY_RATE_ANONYMOUS="100") for _ in "12"]
    for _ in range(20):
        async with first.one_held(ADDRESS):
            pass
    await counted(first)
    assert await left(second) == 99


async def test_starts_without_valkey_and_joins_the_others_when_it_is_there(valkey):
    await valkey.kill()
    limits = RateLimits(GatewaySettings.of({"REDIS_URL": valkey.url, "GATEWAY_RATE_ANONYMOUS": "3"}))
    running = asyncio.create_task(limits.run())
    try:
        assert [await allowed(limits) for _ in range(4)] == [True, True, True, False]
        await valkey.start()
        await until(lambda: shared_of(limits).is_reached)
        assert not running.done()
    finally:
        await end(running)
