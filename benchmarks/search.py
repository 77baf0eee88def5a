"""Search in catalog, streams and messaging with skewed data: milliseconds, and times a bare scan of the same texts."""

import statistics
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from benchmarks.ground import ground, postgres_cpu
from benchmarks.parts import run
from benchmarks.search_data import COMMON, FOREIGN, RARE, Found, fill
from services.catalog.practitioners.repository import Practitioners
from services.catalog.services.repository import ServiceFilter, Services
from services.messaging.conversations.repository import Conversations
from services.messaging.messages.repository import Messages
from services.streams.posts.domain import PostStatus
from services.streams.posts.repository import Posts
from shared.auth.verification import Caller
from shared.database.listing import Page
from shared.database.migrate import role_of
from shared.database.session import Database, Session
from shared.records.clock import SystemClock

SCHEMAS = ("catalog", "streams", "messaging")
LIMIT_MS, TIMES = 150.0, 9  # Postgres plans anew for the first five, then perhaps for values that it does not know
QUERIES = {
    "rare": RARE,
    "common": COMMON,
    "no hit": "qqxwv",
    "1 character": "a",
    "1 character, no hit": "q",
    "2 characters": "ta",
    "two words": f"{COMMON} {RARE}",
    "excluded": f"{COMMON} -{RARE}",
    "only excluded": f"-{COMMON}",
    "punctuation": "!?%_",
    "dashes": "-" * 33,
    "quote": f'"{COMMON}',
    "Japanese": FOREIGN[0][:2],
    "Cyrillic": FOREIGN[1],
    "Hebrew": FOREIGN[2],
    "long": " ".join([COMMON] * 33),
}
Search = Callable[[Page], Awaitable[tuple[Any, int]]]


class Searches:
    """The repositories' searches, as the routes call them."""

    def __init__(self, url: str, found: Found) -> None:
        """A connection per service, of its own role."""
        clock = SystemClock()
        self._dbs = {name: Database(url, schema=name, clock=clock, role=role_of(name), pool_size=1) for name in SCHEMAS}
        self._found = found

    def all(self) -> dict[str, Search]:
        """By what is searched."""
        heavy, light = _who(self._found.heavy), _who(self._found.light)
        owner, stream = _who(self._found.owner), self._found.stream
        published = PostStatus.PUBLISHED
        return {
            "services": self._on("catalog", lambda s, page: Services(s).list(page, ServiceFilter("USD"))),
            "practitioners": self._on("catalog", lambda s, page: Practitioners(s).list(page)),
            "posts, the owner": self._on("streams", lambda s, page: Posts(s).list(stream, owner, page, published)),
            "posts, anybody": self._on("streams", lambda s, page: Posts(s).list(stream, None, page, published)),
            "messages, heavy": self._on("messaging", lambda s, page: Messages(s).search(heavy, page)),
            "messages, light": self._on("messaging", lambda s, page: Messages(s).search(light, page)),
            "conversations, heavy": self._on("messaging", lambda s, page: Conversations(s).list(heavy, page, None)),
            "conversations, light": self._on("messaging", lambda s, page: Conversations(s).list(light, page, None)),
        }

    def _on(self, schema: str, search: Callable[[Session, Page], Awaitable[tuple[Any, int]]]) -> Search:
        async def ask(page: Page) -> tuple[Any, int]:
            async with self._dbs[schema].read() as session:
                return await search(session, page)

        return ask

    async def close(self) -> None:
        """Gives the connections back."""
        for db in self._dbs.values():
            await db.close()


def _who(user_id: UUID) -> Caller:
    return Caller(user_id, frozenset({"user"}), None, user_id)


@dataclass(frozen=True, slots=True)
class Taken:
    """Milliseconds of each time after the first, Postgres' CPU in the middle, and the last answer."""

    each: list[float]
    cpu: float
    answer: Any


async def timed(home: Path, ask: Callable[[], Awaitable[Any]]) -> Taken:
    """Asks several times, after a first one that warms up."""
    took: list[float] = []
    answer, before = await ask(), postgres_cpu(home)
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = await ask()
        took.append((time.perf_counter() - began) * 1000)
    return Taken(took, (postgres_cpu(home) - before) * 1000 / TIMES, answer)


async def bare(home: Path, connection: asyncpg.Connection) -> dict[str, float]:
    """The CPU that it takes Postgres to count the texts that hold a common word, by plain SQL without any index."""
    await connection.execute("set enable_indexscan = off; set enable_bitmapscan = off")
    texts = {"services": "catalog.services", "posts": "streams.posts", "messages": "messaging.messages"}
    columns = {"services": "title || description", "posts": "body", "messages": "body"}
    found = {}
    for name, table in texts.items():
        sql = f"select count(*) from {table} where {columns[name]} like '%' || $1 || '%'"
        taken = await timed(home, lambda sql=sql: connection.fetchval(sql, COMMON))  # type: ignore[misc]  # a lambda's default is not inferred
        found[name] = taken.cpu
        print(f"bare scan of {name:<12} {found[name]:6.1f} ms of CPU")
    return found


async def measure(home: Path, searches: dict[str, Search], scans: dict[str, float]) -> None:
    """All queries on all of them; prints a line each."""
    scans |= {"conversations": scans["messages"], "practitioners": scans["services"]}
    for what, search in searches.items():
        for name, query in QUERIES.items():
            taken = await timed(home, lambda: search(Page(search=query)))  # noqa: B023  asked at once
            report(what, name, taken, scans[what.split(",")[0]])


def report(what: str, name: str, taken: Taken, scan: float) -> None:
    """One line."""
    median, worst = statistics.median(taken.each), max(taken.each)
    late = "  over the limit" if median > LIMIT_MS else ""
    times = f"{median:7.1f} ms, at most {worst:7.1f}, CPU {taken.cpu:6.1f} = {taken.cpu / scan:5.2f} scans"
    print(f"{what:<21} {name:<17} {times}, {taken.answer[1]} found{late}", flush=True)


async def main() -> None:
    """Fills a Postgres of its own and asks it."""
    async with ground(SCHEMAS) as on:
        connection = await asyncpg.connect(on.url)
        found = await fill(connection)
        searches = Searches(on.url, found)
        try:
            await measure(on.home, searches.all(), await bare(on.home, connection))
        finally:
            await searches.close()
            await connection.close()


if __name__ == "__main__":
    run(main)
