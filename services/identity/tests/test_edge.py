"""What gateways and services learn of keys, ended sessions and the switch for writes."""

from typing import Any

import pytest

from devtools.testing.callers import service_headers
from devtools.testing.delivery import run_jobs
from services.identity.edge.service import switch_read_only
from services.identity.tests.test_staff import audit
from shared.auth.verification import EDGE_CHANGED
from shared.messaging.bus import Hint


@pytest.fixture
def edge(client):
    async def said(query: str = "") -> dict[str, Any]:
        return (await client.get(f"/internal/edge/{query}", headers=service_headers("gateway"))).json()

    return said


@pytest.fixture
def switch(app):
    async def call(*, on: bool) -> bool:
        async with app.state.runtime.db.transaction() as session:
            return await switch_read_only(session, on=on)

    return call


async def test_only_services_are_told(client, ada):
    assert (await client.get("/internal/edge/")).status_code == 401
    headers = {"Authorization": f"Bearer {ada['access_token']}"}
    assert (await client.get("/internal/edge/", headers=headers)).status_code == 401
    bad = await client.get("/internal/edge/?after=yesterday", headers=service_headers("gateway"))
    assert (bad.status_code, bad.json()["errors"][0]["field"]) == (422, "after")


async def test_the_keys_are_those_that_everybody_may_read(client, edge, ada):
    assert (await edge())["keys"] == (await client.get("/.well-known/jwks.json")).json()["keys"]


class TestTheSwitchForWrites:
    async def test_is_off_until_it_is_used_and_stays_as_it_was_left(self, edge, switch):
        seen = [(await edge())["read_only"]]
        for on in (True, True, False):
            await switch(on=on)
            seen.append((await edge())["read_only"])
        assert seen == [False, True, True, False]

    async def test_each_change_is_audited_once(self, app, switch):
        assert [await switch(on=on) for on in (False, True, True, False)] == [False, True, False, True]
        rows = [(row.action, row.before, row.after) for row in await audit(app)]
        assert rows == [
            ("platform.read_only", {"on": False}, {"on": True}),
            ("platform.read_only", {"on": True}, {"on": False}),
        ]

    async def test_a_change_is_announced_to_every_process(self, app, switch):
        hints: list[Hint] = []
        app.state.runtime.bus.listen(EDGE_CHANGED, hints.append)
        await run_jobs(app)
        assert hints == []
        await switch(on=True)
        await run_jobs(app)
        assert hints == [{}]
