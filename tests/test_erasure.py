"""An erased person is nowhere: every table of every schema of a running instance is searched for their names."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from estuary.run.postgres import DATABASE
from estuary.services import SERVICES
from estuary.settings import EstuarySettings
from shared.database.postgres import EmbeddedPostgres
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


async def lives(world: World, host: Person, client: Person, service: Any, words: dict[str, str]) -> None:
    """What leaves names and words of each behind: bookings, messages, a report, a stream, posts, comments, answers."""
    word, title = words[client.id], words[host.id]
    await books(world, client, service, word)
    ended = await books(world, client, service, word)
    await client.post(f"/bookings/{ended['id']}/cancel/", {"reason": f"{word} is ill"})
    talk = (
        await client.post("/conversations/", {"participant_ids": [host.id], "subject": word}, key=uuid.uuid4().hex)
    ).body
    for person in (client, host):
        await person.post(f"/conversations/{talk['id']}/messages/", {"body": f"{words[person.id]} says hello"})
        await person.post(f"/conversations/{talk['id']}/reports/", {"reason": f"{words[person.id]} complains"})
    stream = {"title": title, "description": title, "tiers": []}
    opened = (await host.post("/streams/", stream, key=uuid.uuid4().hex)).body
    await client.post(f"/streams/{opened['id']}/subscribe/", {"tier_level": 0})
    post = {"title": title, "body": title, "post_type": "text", "tier_level": 0, "status": "published"}
    await host.post(f"/streams/{opened['id']}/posts/", post, key=uuid.uuid4().hex)
    for person in (client, host):
        comment = {"body": f"{words[person.id]} was here"}
        await person.post(f"/streams/{opened['id']}/comments/", comment, key=uuid.uuid4().hex)
    await reads(host, word)
    await reads(client, title)


async def books(world: World, client: Person, service: Any, notes: str) -> Any:
    """Books and pays the next free start."""
    today = (await world.now()).date()
    query = f"service_id={service['id']}&from={today + timedelta(days=2)}&to={today + timedelta(days=4)}"

    async def slot() -> Any:
        path = f"/practitioners/{service['practitioner_id']}/availability/?{query}"
        results = (await client.get(path)).body["results"]
        assert results
        return results[0]["start_time"]

    body = {"service_id": service["id"], "start_time": await eventually(slot), "notes": notes}
    booked = await client.post("/bookings/", body, key=uuid.uuid4().hex)
    await client.pay(booked)
    return booked.body


async def reads(person: Person, word: str) -> None:
    """Reads all notices, with keys, once one of them has the other's word."""

    async def notices() -> Any:
        listed = (await person.get("/notifications/")).body["results"]
        assert [notice for notice in listed if word in notice["title"] + notice["body"]]
        return listed

    for notice in await eventually(notices, 10.0):
        await person.post(f"/notifications/{notice['id']}/read/", {}, key=uuid.uuid4().hex)


async def erased(world: World, database: asyncpg.Connection, person: Person, *names: str) -> None:
    """Erases the person alone, and waits until no table has any of the names."""
    path, token = f"/admin/users/{person.id}/deactivate/", await world.staff_token()
    await world.call(
        "POST",
        path,
        {"erase": True, "reason": f"{names[0]} asked us"},
        token=token,
        headers={"X-Confirm-Action": "true"},
        expect=200,
    )

    async def nowhere() -> None:
        found = {name: await places(database, name) for name in names}
        assert not any(found.values()), found

    await eventually(nowhere, 40.0)
    [proof] = [one for one in await erasures(world) if one["user_id"] == person.id]
    assert (proof["status"], {one["name"] for one in proof["services"]}) == ("done", set(SERVICES))
    assert all(one["done_at"] for one in proof["services"])


async def erasures(world: World) -> Any:
    """All of them, with their proofs."""
    listed = await world.call("GET", "/admin/privacy/erasures/", token=await world.staff_token())
    return listed.body["results"]


@pytest.mark.parametrize("client_first", [True, False])
async def test_rule_20_of_an_erased_person_no_table_holds_the_name(
    world: World, database: asyncpg.Connection, client_first: bool
):
    names = {who: (f"{who}{uuid.uuid4().hex[:8]}", f"Zq{uuid.uuid4().hex[:8]}") for who in ("Hanna", "Carla")}
    host, client = await named(world, *names["Hanna"]), await named(world, *names["Carla"])
    service = await practises(world, host, f"Studio {names['Hanna'][1]}")
    await lives(world, host, client, service, {host.id: names["Hanna"][1], client.id: names["Carla"][1]})
    assert len(await places(database, names["Hanna"][1])) > 6
    assert len(await places(database, names["Carla"][1])) > 6
    people = [(client, names["Carla"]), (host, names["Hanna"])]
    for person, theirs in people if client_first else reversed(people):
        await erased(world, database, person, *theirs)
