"""Databases that tests use in turn: emptied after each test, and replaced where a test changed more than rows."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import asyncpg
from sqlalchemy.ext.asyncio import AsyncEngine

from devtools.testing.databases import Databases
from devtools.testing.waiting import PATIENCE
from shared.database.connections import Connections, PooledConnection
from shared.database.session import Database

POOL_SIZE = 15
WARM = 4
"""Connections that the next test finds open."""
TURNS = 200
"""Rows that were deleted lie about until Postgres clears them away."""
TABLES = """
    select format('%I.%I', nspname, relname), (
        select string_agg(quote_ident(attname), ', ' order by attnum) from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = ''
    )
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where relkind = 'r' and nspname !~ '^pg_' and nspname <> 'information_schema'
"""
SEQUENCES = """
    select format('%I.%I', schemaname, sequencename), coalesce(last_value, start_value), last_value is not null
    from pg_sequences
"""
MADE = " + ".join(
    f"(select coalesce(sum(xmin::text::bigint), 0) + count(*) from {catalog} where {oid} >= 16384)"
    for catalog, oid in {
        "pg_class": "relnamespace <> pg_my_temp_schema() and pg_class.oid",
        "pg_attribute": "attnum > 0 and attrelid not in"
        " (select oid from pg_class where relnamespace = pg_my_temp_schema()) and attrelid",
        "pg_constraint": "oid",
        "pg_index": "indexrelid",
        "pg_proc": "oid",
        "pg_trigger": "oid",
    }.items()
)
"""A number that is another one after any change of a table, a column, a constraint, an index, a function, a trigger."""
OTHERS = """
    (select count(*) from pg_stat_activity where datname = current_database() and backend_type = 'client backend'
        and pid <> pg_backend_pid() and not pid = any($1::int[]))
    + (select count(*) from pg_locks l join pg_stat_activity a using (pid) where a.datname = current_database()
        and a.backend_type = 'client backend' and pid <> pg_backend_pid())
"""
"""Who else is connected, and what is locked."""


class TurnConnections(Connections):
    """The pool of one test."""

    def __init__(self, engine: AsyncEngine, warm: list[PooledConnection]) -> None:
        """With those that are open already. Fifty at once wait their turn, however slow the machine is."""
        super().__init__(engine, POOL_SIZE, PATIENCE)
        self._free = [*warm]
        self._over = False

    async def acquire(self) -> PooledConnection:
        """As ever; what a test left running comes too late into the next one's database."""
        if self._over:
            raise ConnectionError("the test that had this database is over")
        return await super().acquire()

    def hand_over(self) -> list[PooledConnection] | None:
        """All that are open; None where one is in use or broken, or the pool was closed."""
        self._over = True
        whole = not self._closed and all(pooled.reusable for pooled in self._free)
        return self._free if whole and self._room._value == POOL_SIZE else None


@dataclass(eq=False)
class Reused:
    """One database, with what its tests leave open for the next one."""

    url: str
    admin: asyncpg.Connection
    engine: AsyncEngine | None = None
    warm: list[PooledConnection] = field(default_factory=list)
    turns: int = 0

    async def remember(self) -> None:
        """What it is like as the migrations made it; tables that they put rows in are copied."""
        tables = dict(await self.admin.fetch(TABLES))
        filled = [name for name in tables if await self.admin.fetchval(f"select exists (select from {name})")]
        self._filled = {name: (_copy(name), tables[name]) for name in filled}
        for name, (copy, columns) in self._filled.items():
            await self.admin.execute(f"create temp table {copy} as select {columns} from {name}")
        self._sequences = await self.admin.fetch(SEQUENCES)
        self._question = question([name for name in tables if name not in filled], filled, self._sequences)
        self._first = await self._look()

    async def restore(self) -> bool:
        """Makes the rows what they were; False where more than rows has changed, or somebody is connected."""
        now = await self._look()
        if now["made"] != self._first["made"] or now["others"]:
            return False
        said = [f"delete from {name}" for name in now["written"]]
        for (name, (copy, columns)), before, after in zip(
            self._filled.items(), self._first["rows"], now["rows"], strict=True
        ):
            if before != after:
                said.append(f"delete from {name}")
                said.append(f"insert into {name} ({columns}) overriding system value select {columns} from {copy}")
        if now["counted"] != self._first["counted"]:
            said += [f"select setval('{name}', {at}, {called})" for name, at, called in self._sequences]
        if said:
            await self.admin.execute("; ".join(["set local session_replication_role = replica", *said]))
        return True

    async def _look(self) -> Any:
        return await self.admin.fetchrow(self._question, [pooled.driver.get_server_pid() for pooled in self.warm])

    async def close(self) -> None:
        """Nothing is open any more."""
        for pooled in self.warm:
            await pooled.connection.close()
        await self.admin.close()


def question(empty: list[str], filled: list[str], sequences: list[Any]) -> str:
    """The SQL of which of the empty tables have rows, and of what else may have changed."""
    written = [f"case when exists (select from {name}) then '{name}' end" for name in empty]
    rows = [f"(select md5(string_agg(t::text, '' order by t::text)) from {name} t)" for name in filled]
    counted = [f"pg_sequence_last_value('{name}')" for name, _, _ in sequences]
    return (
        f"select array_remove(array[{', '.join(written)}]::text[], null) as written, array[{', '.join(rows)}]::text[]"
        f" as rows, array[{', '.join(counted)}]::bigint[] as counted, {MADE} as made, {OTHERS} as others"
    )


def _copy(table: str) -> str:
    return "pg_temp." + table.replace(".", "_").replace('"', "")


class ReusedDatabases:
    """Of each service as many as one test uses at once."""

    def __init__(self, databases: Databases) -> None:
        """None yet."""
        self._databases, self._idle = databases, defaultdict[str, list[Reused]](list)
        self._all = set[Reused]()

    async def take(self, service: str) -> Reused:
        """One as the migrations made it."""
        while self._idle[service]:
            found = self._idle[service].pop()
            if not found.admin.is_closed():
                return found
            await self._discard(found)
        url = await self._databases.clone(service)
        made = Reused(url, await asyncpg.connect(url))
        self._all.add(made)
        await made.remember()
        return made

    def join(self, reused: Reused, database: Database) -> None:
        """Puts the Database of a test over it."""
        if reused.engine is not None:
            database.engine = reused.engine
        reused.engine, reused.turns = database.engine, reused.turns + 1
        database.connections = TurnConnections(database.engine, reused.warm)

    async def give_back(self, service: str, reused: Reused, database: Database) -> None:
        """For the next test, or never again."""
        connections = database.connections
        warm = connections.hand_over() if isinstance(connections, TurnConnections) else None
        reused.warm = (warm or [])[-WARM:]
        for pooled in (warm or [])[:-WARM]:
            await pooled.connection.close()
        if warm is None or reused.turns > TURNS or not await reused.restore():
            await database.close()
            await self._discard(reused)
        else:
            self._idle[service].append(reused)

    async def close(self) -> None:
        """All of them."""
        for reused in [*self._all]:
            await self._discard(reused)

    async def _discard(self, reused: Reused) -> None:
        self._all.discard(reused)
        await reused.close()
        await self._databases.drop(reused.url)
