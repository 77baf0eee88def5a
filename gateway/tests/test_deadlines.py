"""How long an answer may take to begin: one timer for everyone."""

import asyncio

import pytest

from gateway.deadlines import Deadlines
from gateway.errors import GatewayTimeout


async def answering(deadlines: Deadlines, after: float) -> None:
    with deadlines.begin():
        await asyncio.sleep(after)


class TestDeadlines:
    async def test_each_ends_at_its_own_time_and_only_if_nothing_was_answered(self):
        deadlines, loop, ended = Deadlines(0.2), asyncio.get_running_loop(), dict[str, float | str]()

        async def one(name: str, starts_after: float, answers_after: float) -> None:
            await asyncio.sleep(starts_after)
            began = loop.time()
            try:
                await answering(deadlines, answers_after)
                ended[name] = "answered"
            except GatewayTimeout:
                ended[name] = round(loop.time() - began, 1)

        await asyncio.gather(one("late", 0, 9), one("quick", 0, 0.05), one("later", 0.1, 9), one("just", 0.1, 0.15))
        assert ended == {"late": 0.2, "quick": "answered", "later": 0.2, "just": "answered"}

    async def test_it_fires_again_after_a_time_in_which_no_request_waited(self):
        deadlines = Deadlines(0.05)
        for _ in range(2):
            await answering(deadlines, 0)
            await asyncio.sleep(0.1)
            with pytest.raises(GatewayTimeout):
                await answering(deadlines, 9)

    async def test_what_has_begun_may_go_on(self):
        with Deadlines(0.02).begin() as deadline:
            deadline.end()
            await asyncio.sleep(0.1)

    async def test_a_body_that_still_comes_is_no_time_of_the_service(self):
        async def receiving() -> None:
            with Deadlines(0.2).begin() as deadline:
                for _ in range(4):
                    await asyncio.sleep(0.1)
                    deadline.restart()
                received.set()
                await asyncio.sleep(9)

        received = asyncio.Event()
        with pytest.raises(GatewayTimeout):
            await receiving()
        assert received.is_set()

    async def test_an_answer_that_has_begun_gets_no_deadline_again(self):
        with Deadlines(0.02).begin() as deadline:
            deadline.end()
            deadline.restart()
            await asyncio.sleep(0.1)

    async def test_a_cancellation_from_elsewhere_stays_one(self):
        task = asyncio.create_task(answering(Deadlines(9), 9))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    async def test_a_time_out_of_the_service_s_own_is_none_of_the_gateway(self):
        with pytest.raises(TimeoutError), Deadlines(9).begin():
            raise TimeoutError
