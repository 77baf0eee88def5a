"""An erased person is nowhere: every table of every schema of a running instance is searched for their names."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from estuary.database import DATABASE
from estuary.settings import EstuarySettings
from shared.postgres import EmbeddedPostgres
from tests.instance import Instance
from tests.journey.people import ALWAYS, OFFER_BASICS, PASSWORD, Person
from tests.journey.world import World, eventually, usd

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]

TABLES = """
    select format('%I.%I', table_schema, table_name) from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
"""
SENT = {"outbox"}
"""Events that were sent are deleted a day later."""


@pytest.fixture
async def database(instance: Instance) -> AsyncIterator[asyncpg.Connection]:
    folder = EstuarySettings.of({"ESTUARY_HOME": instance.env["ESTUARY_HOME"]}).data
    server = await asyncio.to_thread(EmbeddedPostgres, folder, {})
    connection = await asyncpg.connect(server.database(DATABASE))
    yield connection
    await connection.close()
    await asyncio.to_thread(server.stop)


async def places(database: asyncpg.Connection, word: str) -> set[str]:
    """The tables that hold the word anywhere in a row."""
    tables = [row[0] for row in await database.fetch(TABLES)]
    found = set()
    for table in tables:
        sql = (
            f"select exists (select from {table} t where position(lower($1) in lower(t::text)) > 0 or {_bytes(table)})"
        )
        if await database.fetchval(sql, word):
            found.add(table)
    return {table for table in found if table.split(".")[1] not in SENT}


def _bytes(table: str) -> str:
    """Stored answers are bytes, which a row shows in hexadecimal."""
    return (
        "position(encode(convert_to($1, 'UTF8'), 'hex') in t::text) > 0" if table.endswith("idempotency") else "false"
    )


async def named(world: World, first: str, last: str) -> Person:
    """Somebody with that name, who has also changed it once."""
    email = f"{last}-{uuid.uuid4().hex[:8]}@example.com".lower()
    body = {"email": email, "password": PASSWORD, "first_name": f"Old{first}", "last_name": last}
    answer = (await world.call("POST", "/auth/register/", body, expect=201)).body
    person = Person(world, email, answer["user"], answer["access_token"], answer["refresh_token"])
    await world.call("PUT", "/auth/user/", {"first_name": first}, token=person.token)
    return person


async def practises(world: World, person: Person, name: str) -> Any:
    """Applies, is sent back with a note and approved, and offers something."""
    body = {"display_name": name, "bio": f"I am {name}.", "specializations": [name], "timezone": "Europe/Berlin"}
    applied = (await person.post("/practitioners/apply/", body, key=uuid.uuid4().hex)).body
    path = f"/admin/practitioners/{applied['id']}/verification/"
    for decision in ({"decision": "needs_changes", "note": f"Dear {name}!"}, {"decision": "approve", "note": name}):
        await world.call("POST", path, decision, token=await world.staff_token())
        if decision["decision"] == "needs_changes":
            await world.call("PUT", f"/practitioners/{applied['id']}/", {"display_name": name}, token=person.token)
    await person.gets_role("practitioner")
    hours = {"timezone": "Europe/Berlin", "weekly": ALWAYS}
    await person.post(f"/practitioners/{applied['id']}/schedule/", hours)
    offered = {**OFFER_BASICS, "description": f"By {name}", "price": usd(5000)}
    return (await person.post("/services/", offered, key=uuid.uuid4().hex)).body


async def lives(world: World, host: Person, client: Person, service: Any, word: str) -> None:
    """What leaves names and words behind: a booking, messages, a report, a stream, posts, comments."""
    today = (await world.now()).date()
    query = f"service_id={service['id']}&from={today + timedelta(days=2)}&to={today + timedelta(days=4)}"

    async def slot() -> Any:
        path = f"/practitioners/{service['practitioner_id']}/availability/?{query}"
        results = (await client.get(path)).body["results"]
        assert results
        return results[0]["start_time"]

    start = await eventually(slot)
    booked = await client.post(
        "/bookings/", {"service_id": service["id"], "start_time": start, "notes": word}, key=uuid.uuid4().hex
    )
    await client.pay(booked)
    talk = (
        await client.post("/conversations/", {"participant_ids": [host.id], "subject": word}, key=uuid.uuid4().hex)
    ).body
    for person in (client, host):
        await person.post(f"/conversations/{talk['id']}/messages/", {"body": f"{word} says hello"})
        await person.post(f"/conversations/{talk['id']}/reports/", {"reason": f"{word} complains"})
    stream = {"title": word, "description": word, "tiers": []}
    opened = (await host.post("/streams/", stream, key=uuid.uuid4().hex)).body
    post = {"title": word, "body": word, "post_type": "text", "tier_level": 0, "status": "published"}
    await host.post(f"/streams/{opened['id']}/posts/", post, key=uuid.uuid4().hex)
    await client.post(f"/streams/{opened['id']}/subscribe/", {"tier_level": 0})
    for person in (client, host):
        await person.post(f"/streams/{opened['id']}/comments/", {"body": f"{word} was here"}, key=uuid.uuid4().hex)


async def test_rule_20_of_an_erased_person_no_table_holds_the_name(world: World, database: asyncpg.Connection):
    last = f"Zq{uuid.uuid4().hex[:8]}"
    host, client = await named(world, "Hanna", last), await named(world, "Carla", last)
    service = await practises(world, host, f"Studio {last}")
    await lives(world, host, client, service, last)
    assert len(await places(database, last)) > 8
    confirm = {"X-Confirm-Action": "true"}
    for person in (client, host):
        path, token = f"/admin/users/{person.id}/deactivate/", await world.staff_token()
        await world.call("POST", path, {"erase": True}, token=token, headers=confirm, expect=200)

    async def nowhere() -> None:
        found = await places(database, last)
        assert not found, found

    await eventually(nowhere, 10.0)
