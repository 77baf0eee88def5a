import asyncio

import pytest

from devtools.testing.waiting import PATIENCE
from gateway.limits import MOST_TURNS_OF_ONE, TURN_SECONDS, Turns, network_of
from gateway.rates import RateLimits
from gateway.settings import GatewaySettings
from shared.errors import AppError


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.2", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
        ("unknown", "not:an:address", False),
    ],
)
def test_a_caller_is_an_ipv4_address_or_a_64_of_ipv6(one, other, same):
    assert (network_of(one) == network_of(other)) is same


async def test_no_ipv4_caller_of_a_socket_for_both_uses_up_the_limit_of_another():
    limits = RateLimits(GatewaySettings.of({"GATEWAY_RATE_ANONYMOUS": "1"}))
    await limits.spend(None, "::ffff:192.0.2.1")
    with pytest.raises(AppError):
        await limits.spend(None, "::ffff:192.0.2.1")
    await limits.spend(None, "::ffff:192.0.2.2")


class TestTurns:
    async def test_of_one_caller_a_few_run_at_once_and_the_next_follows_the_first_that_ends(self):
        turns, running, most, ended = Turns(), 0, 0, []

        async def request(number: int) -> None:
            nonlocal running, most
            async with turns.one("192.0.2.1"):
                running += 1
                most = max(most, running)
                await asyncio.sleep(0.01)
                running -= 1
            ended.append(number)

        await asyncio.gather(*(request(number) for number in range(3 * MOST_TURNS_OF_ONE)))
        assert most == MOST_TURNS_OF_ONE
        assert ended == sorted(ended)

    async def test_slow_ones_delay_the_others_of_their_caller_for_a_moment_only(self):
        turns, slow = Turns(), asyncio.Event()

        async def hold() -> None:
            async with turns.one("192.0.2.1"):
                await slow.wait()

        holding = [asyncio.create_task(hold()) for _ in range(MOST_TURNS_OF_ONE)]
        await asyncio.sleep(0)
        async with asyncio.timeout(TURN_SECONDS / 2), turns.one("192.0.2.2"):
            pass
        async with asyncio.timeout(PATIENCE), turns.one("192.0.2.1"):
            assert not any(task.done() for task in holding)
        slow.set()
        await asyncio.gather(*holding)
        assert not turns._queues
