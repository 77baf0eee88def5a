"""The audit logs of all services, searched, taken out and checked by staff."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver_twice, events_of
from services.identity.app import create_app
from services.identity.audit import service
from services.identity.tests.conftest import CHEAP
from shared.database import audit
from shared.database.audit_entries import AuditFilter
from shared.database.session import Database
from shared.errors import Unavailable
from shared.events.audit import AuditSealedEvent
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.web.app import build
from shared.web.edge import send_problem
from shared.work.audit_sealing import Sealer

URL = "/api/v1/admin/audit/"
STAFF = headers_for(roles=("user", "staff"))
ACTOR, SUBJECT = new_id(), new_id()
Get = Callable[..., Awaitable[Any]]


class Peer:
    """Another service, which may be silent."""

    def __init__(self, runtime: Runtime) -> None:
        self.app, self.db = build(runtime, title="catalog", routers=[]), runtime.db
        self.is_silent = self.is_down = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.is_silent:
            await asyncio.sleep(60)
        if self.is_down:
            await send_problem(send, Unavailable())
            return
        await self.app(scope, receive, send)


@pytest.fixture
async def catalog(runtime_for: Callable[..., Awaitable[Runtime]]) -> Peer:
    return Peer(await runtime_for("catalog"))


@pytest.fixture
async def app(runtime_for: Callable[..., Awaitable[Runtime]], catalog: Peer) -> FastAPI:
    env = {**CHEAP, "ESTUARY_SERVICES": "identity,catalog"}
    return create_app(await runtime_for("identity", env=env, peers={"catalog": catalog}))


@pytest.fixture
def get(client: httpx2.AsyncClient) -> Get:
    async def call(path: str = "", **query: str) -> Any:
        answer = await client.get(URL + path, params=query, headers=STAFF)
        assert answer.status_code == 200, answer.text
        return answer.json()

    return call


async def write(db: Database, *acts: str, **more: Any) -> None:
    for act in acts:
        async with db.transaction() as session:
            await audit.record(session, ACTOR, act, SUBJECT, {"status": "open"}, {"status": act}, **more)


async def seal(app: FastAPI, db: Database, bus_of: Runtime) -> None:
    """Seals, and lets identity know."""
    await Sealer(db).run_once()
    for event in await events_of(bus_of):
        if isinstance(event, AuditSealedEvent):
            await deliver_twice(app, event)


def identity_of(app: FastAPI) -> Database:
    found: Database = app.state.runtime.db
    return found


class TestSearch:
    async def test_is_for_staff_alone(self, client: httpx2.AsyncClient) -> None:
        for path in ("", "export/", "verification/", f"{new_id()}/"):
            assert (await client.get(URL + path)).status_code == 401
            answer = await client.get(URL + path, headers=headers_for())
            assert (answer.status_code, answer.json()["code"]) == (403, "staff_required")

    async def test_gathers_from_all_services_newest_first(self, app: FastAPI, catalog: Peer, get: Get) -> None:
        await write(identity_of(app), "user.first", "user.second")
        await write(catalog.db, "practitioner.third", reason="asked for")
        found = await get()
        assert [entry["action"] for entry in found["results"]] == ["practitioner.third", "user.second", "user.first"]
        assert (found["total"], found["has_more"], found["unreachable"]) == (3, False, [])
        newest = found["results"][0]
        assert (newest["service"], newest["subject_type"], newest["reason"]) == ("catalog", "practitioner", "asked for")
        assert (newest["before"], newest["after"]["status"]) == ({"status": "open"}, "practitioner.third")
        assert newest["sealed"] is False
        oldest = await get(ordering="created_at", limit="1", offset="1")
        assert ([entry["action"] for entry in oldest["results"]], oldest["has_more"]) == (["user.second"], True)

    async def test_finds_by_everything_that_can_be_asked(self, app: FastAPI, catalog: Peer, get: Get) -> None:
        await write(identity_of(app), "user.one", reason="50% off")
        await write(catalog.db, "service.two", "service.three")
        entries = (await get(ordering="created_at"))["results"]
        second = entries[1]["created_at"]

        async def actions(**query: str) -> list[str]:
            return [entry["action"].split(".")[1] for entry in (await get(ordering="created_at", **query))["results"]]

        assert await actions(service="catalog") == ["two", "three"]
        assert await actions(actor_id=str(ACTOR), subject_id=str(SUBJECT)) == ["one", "two", "three"]
        assert await actions(actor_id=str(new_id())) == await actions(subject_id=str(new_id())) == []
        assert await actions(action="service.two") == ["two"]
        assert await actions(to=second) == ["one"]
        assert await actions(**{"from": second}) == ["two", "three"]
        assert await actions(search="50%") == ["one"]
        assert await actions(search="SERVICE.three") == ["three"]

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ({"actor_id": "x"}, "actor_id"),
            ({"from": "yesterday"}, "from"),
            ({"service": "kitchen"}, "service"),
            ({"offset": "1000"}, "offset"),
            ({"ordering": "action"}, "ordering"),
            ({"search": "x" * 201}, "search"),
        ],
    )
    async def test_bad_questions_are_422(self, client: httpx2.AsyncClient, query: dict[str, str], field: str) -> None:
        answer = await client.get(URL, params=query, headers=STAFF)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)

    async def test_who_is_silent_is_named(self, app: FastAPI, catalog: Peer, get: Get) -> None:
        await write(identity_of(app), "user.one")
        catalog.is_silent = True
        found = await get()
        assert (found["unreachable"], [entry["action"] for entry in found["results"]]) == (["catalog"], ["user.one"])

    async def test_one_entry_is_found_wherever_it_is(
        self, app: FastAPI, client: httpx2.AsyncClient, catalog: Peer, get: Get
    ) -> None:
        await write(identity_of(app), "user.one")
        await write(catalog.db, "service.two")
        for entry in (await get())["results"]:
            assert await get(f"{entry['id']}/") == entry
        assert (await client.get(f"{URL}{new_id()}/", headers=STAFF)).status_code == 404
        catalog.is_silent = True
        assert (await client.get(f"{URL}{new_id()}/", headers=STAFF)).status_code == 503


class TestExport:
    async def test_is_every_entry_as_a_line(self, app: FastAPI, client: httpx2.AsyncClient, catalog: Peer) -> None:
        await write(identity_of(app), "user.one")
        await write(catalog.db, *(f"service.{number}" for number in range(5)))
        answer = await client.get(f"{URL}export/", headers=STAFF)
        assert answer.headers["Content-Type"] == "application/x-ndjson"
        lines = [json.loads(line)["action"] for line in answer.text.splitlines()]
        assert lines == ["user.one", *(f"service.{number}" for number in range(5))]
        logs = service.logs(app.state.runtime, None)
        parts = [part async for part in service.lines(logs, AuditFilter(), batch=2)]
        assert (b"".join(parts), len(parts)) == (answer.content, 4)
        only = await client.get(f"{URL}export/", params={"action": "service.3", "fields": "id"}, headers=STAFF)
        assert [json.loads(line)["action"] for line in only.text.splitlines()] == ["service.3"]

    async def test_its_last_line_names_who_is_silent(
        self, app: FastAPI, client: httpx2.AsyncClient, catalog: Peer
    ) -> None:
        catalog.is_silent = True
        answer = await client.get(f"{URL}export/", headers=STAFF)
        assert [json.loads(line) for line in answer.text.splitlines()] == [{"unreachable": ["catalog"]}]


class TestVerification:
    async def test_of_logs_that_nobody_touched(self, app: FastAPI, catalog: Peer, get: Get) -> None:
        await write(identity_of(app), "user.one", "user.two")
        await write(catalog.db, "service.three")
        await seal(app, identity_of(app), app.state.runtime)
        found = await get("verification/")
        assert [(one["service"], one["rows"], one["status"]) for one in found] == [
            ("identity", 2, "intact"),
            ("catalog", 0, "intact"),
        ]
        assert [len(one["head"] or "") for one in found] == [64, 0]
        assert {entry["sealed"] for entry in (await get(service="identity"))["results"]} == {True}

    async def test_a_cut_tail_and_a_chain_written_anew_show_by_the_heads(
        self, app: FastAPI, catalog: Peer, get: Get
    ) -> None:
        for act in ("service.one", "service.two", "service.three"):
            await write(catalog.db, act)
            await seal(app, catalog.db, catalog.app.state.runtime)
        assert (await get("verification/"))[1]["status"] == "intact"
        await as_owner(catalog.db, "delete from catalog.audit where number >= 2")
        assert (await get("verification/"))[1] | {"head": ""} == {
            "service": "catalog", "rows": 1, "redacted": 0, "head": "", "status": "broken", "broken_at": 2,
        }  # fmt: skip
        await write(catalog.db, "service.four", "service.five", "service.six")
        await Sealer(catalog.db).run_once()
        found = (await get("verification/"))[1]
        assert (found["status"], found["broken_at"]) == ("broken", 2)

    async def test_an_erasure_is_counted(self, app: FastAPI, catalog: Peer, get: Get) -> None:
        await write(catalog.db, "service.one", "service.two")
        await seal(app, catalog.db, catalog.app.state.runtime)
        async with catalog.db.transaction() as session:
            await audit.erase(session, new_id(), [SUBJECT])
        await seal(app, catalog.db, catalog.app.state.runtime)
        found = (await get("verification/"))[1]
        assert (found["rows"], found["redacted"], found["status"]) == (3, 2, "intact")
        assert [entry["reason"] for entry in (await get(service="catalog", subject_id=str(SUBJECT)))["results"]] == [
            None,
            None,
        ]

    async def test_nobody_knows_while_a_service_is_away(
        self, client: httpx2.AsyncClient, app: FastAPI, catalog: Peer
    ) -> None:
        catalog.is_down = True
        assert (await client.get(f"{URL}verification/", headers=STAFF)).status_code == 503


async def as_owner(db: Database, statement: str) -> None:
    """The owner of the database, who has disabled the triggers."""
    async with db.transaction() as session:
        connection = await session.connection()
        for one in ("set local role none", "set local session_replication_role = replica", statement):
            await connection.exec_driver_sql(one)
