"""How long an answer may take to begin: one timer for everyone."""

import asyncio

import pytest

from gateway.exchange import Deadlines, ProxiedRequest
from gateway.limits import OpenBodies


async def nothing(*_):
    return {}


def exchange() -> ProxiedRequest:
    return ProxiedRequest({"type": "http", "method": "GET"}, nothing, nothing, max_body=1, bodies=OpenBodies())


class TestDeadlines:
    async def test_each_rings_at_its_own_time_and_only_if_nothing_was_answered(self):
        deadlines, loop, ended = Deadlines(0.2), asyncio.get_running_loop(), dict[str, float | str]()

        async def one(name: str, starts_after: float, answers_after: float) -> None:
            await asyncio.sleep(starts_after)
            began = loop.time()
            try:
                await exchange().within(deadlines, asyncio.sleep(answers_after))
                ended[name] = "answered"
            except TimeoutError:
                ended[name] = round(loop.time() - began, 1)

        await asyncio.gather(one("late", 0, 9), one("quick", 0, 0.05), one("later", 0.1, 9), one("just", 0.1, 0.15))
        assert ended == {"late": 0.2, "quick": "answered", "later": 0.2, "just": "answered"}

    async def test_it_rings_again_after_a_time_in_which_nobody_waited(self):
        deadlines = Deadlines(0.05)
        for _ in range(2):
            await exchange().within(deadlines, asyncio.sleep(0))
            await asyncio.sleep(0.1)
            with pytest.raises(TimeoutError):
                await exchange().within(deadlines, asyncio.sleep(9))

    async def test_what_has_begun_may_go_on(self):
        async def answering(begun: ProxiedRequest) -> None:
            await begun.send({"type": "http.response.start", "status": 200, "headers": []})
            await asyncio.sleep(0.1)

        begun = exchange()
        await begun.within(Deadlines(0.02), answering(begun))

    async def test_a_cancellation_from_elsewhere_stays_one(self):
        task = asyncio.create_task(exchange().within(Deadlines(9), asyncio.sleep(9)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
