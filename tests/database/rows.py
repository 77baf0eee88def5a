"""Rows that fit a schema, whatever it is: values are guessed by type and by the words of check constraints."""

import json
import random
import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast
from uuid import uuid4

import asyncpg

ATTEMPTS, WANTED = 80, 5
QUOTED = re.compile(r"'((?:[^']|'')*)'::")
START = datetime(2026, 12, 1, 8, tzinfo=UTC)
COLUMNS = """
    select c.table_name, c.column_name, c.udt_name, c.is_nullable = 'YES' as nullable,
        (c.column_default is not null or c.is_identity = 'YES' or c.is_generated = 'ALWAYS') as made
    from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = $1 and t.table_type = 'BASE TABLE' and c.table_name <> 'alembic_version'
    order by c.table_name, c.ordinal_position
"""
WORDS = """
    select r.relname as table_name, pg_get_constraintdef(c.oid) as definition
    from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
    where n.nspname = $1 and c.contype = 'c'
"""
REFERENCES = """
    select r.relname as table_name, a.attname as column_name, f.relname as to_table, b.attname as to_column
    from pg_constraint c
    join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
    join pg_class f on f.oid = c.confrelid
    join pg_attribute a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
    join pg_attribute b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
    where n.nspname = $1 and c.contype = 'f' and array_length(c.conkey, 1) = 1
"""


@dataclass(frozen=True)
class Column:
    """One column that a row has to have a value for, or may have one for."""

    name: str
    type: str
    nullable: bool
    made: bool


class Rows:
    """Fills the tables of one schema."""

    def __init__(self, connection: asyncpg.Connection, schema: str, seed: int = 1) -> None:
        """On that connection, whose owner may write everything; the same seed gives the same guesses."""
        self._connection, self._schema, self._chance = connection, schema, random.Random(seed)
        self._hour, self._number = 0, cast("int | None", None)

    async def fill(self, empty: Container[str] = ()) -> dict[str, int]:
        """Writes up to `WANTED` rows into each table but those, and answers how many each has."""
        tables, words, references = await self._columns(), await self._words(), await self._references()
        tables = {table: columns for table, columns in tables.items() if table not in empty}
        for _ in range(3):  # a table comes after those that it refers to
            for table, columns in tables.items():
                if await self._count(table) < WANTED:
                    await self._fill(table, columns, words.get(table, []), references.get(table, {}))
        return {table: await self._count(table) for table in tables}

    async def _fill(
        self, table: str, columns: Sequence[Column], words: list[str], references: Mapping[str, tuple[str, str]]
    ) -> None:
        written = 0
        for _ in range(ATTEMPTS):
            self._hour, self._number = self._chance.randrange(10_000), self._chance.choice([0, 1, 100, None])
            row = {one.name: await self._guess(one, words, references) for one in columns if not self._left_out(one)}
            names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
            statement = f'insert into {self._schema}."{table}" ({names}) values ({marks})'
            try:
                async with self._connection.transaction():
                    await self._connection.execute(statement, *row.values())
            except asyncpg.PostgresError:
                continue  # a guess that a constraint refuses
            written += 1
            if written == WANTED:
                return

    def _left_out(self, column: Column) -> bool:
        return column.made or (column.nullable and self._chance.random() < 0.5)

    async def _guess(self, column: Column, words: list[str], references: Mapping[str, tuple[str, str]]) -> Any:
        if column.name in references:
            table, key = references[column.name]
            return await self._connection.fetchval(
                f'select "{key}" from {self._schema}."{table}" order by random() limit 1'
            )
        return self._value(column.type, words)

    def _value(self, kind: str, words: list[str]) -> Any:
        self._hour += 1  # of two times in a row the second is later
        hours = self._hour
        plain = f"word {self._chance.randrange(10_000)}"
        values: dict[str, Any] = {
            "uuid": uuid4(),
            "timestamptz": START + timedelta(hours=hours),
            "date": (START + timedelta(hours=hours)).date(),
            "time": START.time(),
            "interval": timedelta(hours=1),
            "bool": self._chance.random() < 0.5,
            "jsonb": json.dumps({}),
            "bytea": bytes(32),
            "numeric": self._chance.choice([1, 0]),
            "float8": 1.0,
            "tstzrange": asyncpg.Range(START + timedelta(hours=hours), START + timedelta(hours=hours + 1)),
        }
        if kind in {"text", "varchar", "citext"}:
            return self._chance.choice([*words, plain, "USD", f"{plain[5:]}@example.com"])
        if kind.startswith("int"):
            return self._number if self._number is not None else self._chance.choice([0, 1, 100])
        return [] if kind.startswith("_") else values[kind]

    async def _columns(self) -> dict[str, list[Column]]:
        found: dict[str, list[Column]] = {}
        for row in await self._connection.fetch(COLUMNS, self._schema):
            column = Column(row["column_name"], row["udt_name"], row["nullable"], row["made"])
            found.setdefault(row["table_name"], []).append(column)
        return found

    async def _words(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for row in await self._connection.fetch(WORDS, self._schema):
            found.setdefault(row["table_name"], []).extend(QUOTED.findall(row["definition"]))
        return found

    async def _references(self) -> dict[str, dict[str, tuple[str, str]]]:
        found: dict[str, dict[str, tuple[str, str]]] = {}
        for row in await self._connection.fetch(REFERENCES, self._schema):
            found.setdefault(row["table_name"], {})[row["column_name"]] = (row["to_table"], row["to_column"])
        return found

    async def _count(self, table: str) -> int:
        return int(await self._connection.fetchval(f'select count(*) from {self._schema}."{table}"'))
