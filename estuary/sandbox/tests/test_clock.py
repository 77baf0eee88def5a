"""The clock that staff can move forward."""

import asyncio
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import pytest

from devtools.testing.callers import headers_for, service_headers
from shared.records.clock import machine_now

CLOCK = "/api/v1/sandbox/clock/"
STAFF = ("user", "staff")


class TestAdvance:
    async def test_steps_add_up_and_survive_a_restart(self, start, client_for):
        async with AsyncExitStack() as stack:
            sandbox = await start(stack)
            client = client_for(sandbox.app)
            for step in ("PT26H", "P1D", "PT0S"):
                answer = await client.post(CLOCK, json={"advance": step}, headers=headers_for(roles=STAFF))
                assert answer.status_code == 200
            now = datetime.fromisoformat(answer.json()["now"])
            assert abs(now - machine_now() - timedelta(hours=50)) < timedelta(seconds=5)
            assert sandbox.runtime.clock.now() >= now
            sandbox.runtime.clock.offset = timedelta()
            runtime = sandbox.runtime
        async with AsyncExitStack() as stack:
            sandbox = await start(stack, runtime)
            assert runtime.clock.offset == timedelta(hours=50)
            client = client_for(sandbox.app)
            answer = await client.get("/internal/clock/", headers=service_headers())
            assert answer.json() == {"offset_seconds": 180_000.0}
            assert (await client.get("/internal/clock/")).status_code == 401
            paid = await sandbox.paid()
            assert paid.created > machine_now().timestamp() + 179_000

    async def test_two_callers_at_once_both_count(self, sandbox, client_for):
        client = client_for(sandbox.app)
        calls = [client.post(CLOCK, json={"advance": "PT1H"}, headers=headers_for(roles=STAFF)) for _ in range(5)]
        await asyncio.gather(*calls)
        assert sandbox.runtime.clock.offset == timedelta(hours=5)

    async def test_only_staff_may(self, sandbox, client_for):
        client = client_for(sandbox.app)
        assert (await client.post(CLOCK, json={"advance": "PT1H"})).status_code == 401
        assert (await client.post(CLOCK, json={"advance": "PT1H"}, headers=headers_for())).status_code == 403

    @pytest.mark.parametrize(
        "advance",
        ["-PT1H", "P-1D", "26:00", "PT", "P", "soon", "", "P99999D", "P9999999999999D", 3600, None, "PT1H\x00"],
    )
    async def test_nonsense_is_refused(self, sandbox, client_for, advance):
        answer = await client_for(sandbox.app).post(CLOCK, json={"advance": advance}, headers=headers_for(roles=STAFF))
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "advance"
        assert sandbox.runtime.clock.offset == timedelta()
