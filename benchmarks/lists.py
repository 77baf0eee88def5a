"""Lists of twenty through the gateway: SQL statements per request, and CPU against a bare FastAPI endpoint."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import asyncpg
import orjson
import psutil

from benchmarks.bare import child
from benchmarks.bare_lists import ANSWERS
from benchmarks.instance import COUNTED, Instance, instance
from benchmarks.people import Person, register, verified
from estuary.run.postgres import DATABASE
from shared.database.migrate import role_of
from shared.database.postgres import EmbeddedPostgres

LENGTH = 20
ROUNDS = 3
REQUESTS = 300
CONCURRENCY = 8
CALLS = """
    select coalesce(sum(calls), 0)::int from pg_stat_statements s join pg_roles r on r.oid = s.userid
    where r.rolname = $1 and s.query ilike '%select%'
"""


@dataclass
class RequestHeaders:
    """A list at one of the two servers, and what each round took: CPU and wall clock seconds per request."""

    name: str
    url: str
    process: psutil.Process
    cpu: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


async def seed(http: aiohttp.ClientSession, url: str) -> tuple[Person, dict[str, str]]:
    """Somebody with twenty conversations and a stream of twenty posts, and where they are listed."""
    person, _ = await verified(http, url)
    for _ in range(LENGTH):
        client = await register(http, url)
        talk = await client.must("POST", "/conversations/", {"participant_ids": [person.user["id"]]})
        await client.must("POST", f"/conversations/{talk['id']}/messages/", {"body": "hello"})
    stream = await person.must("POST", "/streams/", {"title": "Bench", "description": "d", "tiers": []})
    post = {"title": "t", "body": "x" * 200, "post_type": "text", "tier_level": 0, "status": "published"}
    for _ in range(LENGTH):
        await person.must("POST", f"/streams/{stream['id']}/posts/", post)
    return person, {"conversations": "/conversations/", "posts": f"/streams/{stream['id']}/posts/"}


async def get_many(asked: RequestHeaders, person: Person, count: int = REQUESTS) -> None:
    """So many GETs, a few at a time."""
    numbers = iter(range(count))

    async def one() -> None:
        for _ in numbers:
            async with person.http.get(asked.url, headers={"Authorization": f"Bearer {person.token}"}) as answer:
                assert answer.status == 200, await answer.text()
                await answer.read()

    before, began = _cpu(asked.process), time.perf_counter()
    await asyncio.gather(*(one() for _ in range(CONCURRENCY)))
    asked.seconds.append((time.perf_counter() - began) / count)
    asked.cpu.append((_cpu(asked.process) - before) / count)


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


@asynccontextmanager
async def counting(running: Instance) -> AsyncIterator[asyncpg.Connection]:
    """A connection to the instance's Postgres, which counts statements."""
    server = await asyncio.to_thread(EmbeddedPostgres, running.home / "postgres", {})
    connection = await asyncpg.connect(server.database(DATABASE))
    await connection.execute("create extension if not exists pg_stat_statements")
    try:
        yield connection
    finally:
        await connection.close()
        await asyncio.to_thread(server.stop)


async def statements(connection: asyncpg.Connection, role: str, person: Person, path: str, requests: int = 20) -> float:
    """Statements of that service's role per request, without those that take their turn anyway."""
    made: list[int] = []
    for count in (0, requests):
        await connection.execute("select pg_stat_statements_reset()")
        began = time.perf_counter()
        for _ in range(count):
            await person.must("GET", path)
        await asyncio.sleep(max(0.0, 2.0 - time.perf_counter() + began))
        made.append(await connection.fetchval(CALLS, role))
    return (made[1] - made[0]) / requests


async def report_statements(running: Instance, person: Person, paths: dict[str, str]) -> None:
    """Prints how many statements a list of one and a list of twenty take."""
    roles = {"conversations": role_of("messaging"), "posts": role_of("streams")}
    async with counting(running) as connection:
        for name, path in paths.items():
            made = [await statements(connection, roles[name], person, f"{path}?limit={n}") for n in (1, LENGTH)]
            print(f"{name:14} statements per request: {made[0]:.1f} for a list of 1, {made[1]:.1f} for {LENGTH}")


async def compare(running: Instance, person: Person, paths: dict[str, str]) -> None:
    """Both servers in turn, and prints the medians."""
    answers: dict[str, Any] = {name: await person.must("GET", f"{path}?limit={LENGTH}") for name, path in paths.items()}
    file = running.home / "answers.json"
    file.write_bytes(orjson.dumps(answers))
    async with child("benchmarks.bare_lists", **{ANSWERS: str(file)}) as (address, process):
        for name, path in paths.items():
            ours = RequestHeaders("Estuary", f"{running.url}/api/v1{path}?limit={LENGTH}", running.process)
            bare = RequestHeaders("bare FastAPI", f"http://{address}/{name}", process)
            for asked in (ours, bare) * (ROUNDS + 1):
                await get_many(asked, person)
            report(name, ours, bare)


def report(name: str, ours: RequestHeaders, bare: RequestHeaders) -> None:
    """Prints a list's figures, without the first round."""
    cpu = {asked.name: statistics.median(asked.cpu[1:]) for asked in (ours, bare)}
    for asked in (ours, bare):
        rate = 1 / statistics.median(asked.seconds[1:])
        ratio = cpu[asked.name] / cpu[bare.name]
        print(f"{name:14} {asked.name:13} {rate:6.0f}/s {cpu[asked.name] * 1000:6.2f} ms CPU each {ratio:5.2f} times")


async def main() -> None:
    """Runs it and prints."""
    settings: dict[str, Any] = {"GATEWAY_RATE_LIMITS": "off", COUNTED: "1"}
    async with instance(**settings) as running, aiohttp.ClientSession() as http:
        person, paths = await seed(http, running.url)
        await report_statements(running, person, paths)
        await compare(running, person, paths)


if __name__ == "__main__":
    asyncio.run(main())
