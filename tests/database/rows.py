"""Rows that fit a schema, whatever it is: values are guessed by type and by the words of check constraints.

What has to fit other columns, or the rows that it belongs to, is in `FITTING`.
"""

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
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
    select r.relname as table_name, pg_get_constraintdef(c.oid) as definition,
        array(select attname from pg_attribute
            where attrelid = c.conrelid and attnum = any (c.conkey))::text[] as columns
    from pg_constraint c join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
    where n.nspname = $1 and c.contype = 'c'
"""
REFERENCES = """
    select r.relname as table_name, f.relname as to_table,
        array(select attname from unnest(c.conkey) with ordinality k (number, place)
            join pg_attribute on attrelid = c.conrelid and attnum = number order by place)::text[] as columns,
        array(select attname from unnest(c.confkey) with ordinality k (number, place)
            join pg_attribute on attrelid = c.confrelid and attnum = number order by place)::text[] as to_columns
    from pg_constraint c
    join pg_class r on r.oid = c.conrelid join pg_namespace n on n.oid = r.relnamespace
    join pg_class f on f.oid = c.confrelid
    where n.nspname = $1 and c.contype = 'f'
"""
_HOUR_LONG = {
    "blocked_from": START,
    "start_time": START,
    "end_time": START + timedelta(hours=1),
    "blocked_until": START + timedelta(hours=1),
    "away_until": START + timedelta(hours=1),
    "taken": 1,
    "capacity": 2,
    "active": True,
    "announced": True,
    "cancelled_at": None,
}
FITTING: dict[str, dict[str, Any]] = {
    "booking.reservations": _HOUR_LONG,
    "booking.sessions": _HOUR_LONG,
    "booking.passes": {"status": "active", "total_amount": 1000, "credits_amount": 400, "cancelled_at": None},
    "booking.pass_sessions": {"status": "open", "booking_id": None},
    "catalog.packages": {"kind": "package", "discount_percentage": 20, "total_amount": None},
    "catalog.package_items": {"nested_id": None},
    "booking.resources": {"quantity": 1},
    "booking.series": {"start_time": "18:00", "written_until": None, "write_at": None},
    "booking.resource_uses": _HOUR_LONG | {"unit": 1},
    "catalog.locations": {
        "is_virtual": False,
        "is_primary": False,
        "lat": 1.0,
        "lon": 1.0,
        "line1": "Street",
        "city": "City",
        "country": "DE",
    },
    "catalog.services": {"service_type": "session"},
    "payments.orders": {
        "total": 1000,
        "credits_applied": 400,
        "amount_due": 600,
        "refunded_card": 50,
        "refunded_credits": 40,
        "disputed": 0,
    },
    "payments.order_lines": {"gross": 1000, "refunded": 90},
    "payments.refunds": {"card": 50, "credits": 40, "settles": 0, "lines": "[]"},
    "payments.chargebacks": {"amount": 600},
    "payments.payouts": {"approved_at": START},
    "payments.payment_methods": {"exp_month": 12},
    "payments.plans": {"kind": "organizer", "stream_id": None, "practitioner_id": None},
    "payments.subscriptions": {
        "kind": "organizer",
        "stream_id": None,
        "status": "active",
        "number": 1,
        "before_anchor": 0,
        "paused_until": None,
        "retry_at": None,
        "end_reason": None,
        "ended_at": None,
        "next_at": START,
    },
    "payments.plan_changes": {"charge": 500, "due": 100, "order_id": None, "expires_at": None},
    "payments.periods": {"start_at": START, "end_at": START + timedelta(days=31)},
    "payments.membership_grants": {"start_at": START, "end_at": START + timedelta(days=31)},
    "payments.ledger_transfers": {"amount": 100},
    "identity.app_grants": {"scopes": ["catalog.read"]},
    "identity.oauth_clients": {"grant_types": ["authorization_code"]},
    "identity.staff_invitations": {"roles": ["support"]},
    "identity.api_keys": {"hash": bytes(32), "scopes": ["catalog.read"]},
}
"""By schema and table. All refunds together take no more than an order has, whichever of the orders they belong to."""


@dataclass(frozen=True)
class Column:
    """One column that a row has to have a value for, or may have one for."""

    name: str
    type: str
    nullable: bool
    made: bool


@dataclass(frozen=True)
class Reference:
    """These columns name a row of that table by those columns."""

    columns: tuple[str, ...]
    to_table: str
    to_columns: tuple[str, ...]


class Rows:
    """Fills the tables of one schema."""

    def __init__(self, connection: asyncpg.Connection, schema: str, seed: int = 1) -> None:
        """On that connection, whose owner may write everything; the same seed gives the same guesses."""
        self._connection, self._schema, self._chance = connection, schema, random.Random(seed)
        self._hour, self._number = 0, cast("int | None", None)

    async def fill(self) -> dict[str, int]:
        """Writes up to `WANTED` rows into each table, and answers how many each has."""
        tables, words, references = await self._columns(), await self._words(), await self._references()
        for _ in range(4):  # a table comes after those that it refers to
            for table, columns in tables.items():
                if await self._count(table) < WANTED:
                    await self._fill(table, columns, words.get(table, {}), references.get(table, []))
        return {table: await self._count(table) for table in tables}

    async def add(self, table: str, given: Mapping[str, Any]) -> None:
        """Writes one row with these values; what else it needs is guessed. Raises LookupError if none fits."""
        columns, words, references = await self._columns(), await self._words(), await self._references()
        about = table, columns[table], words.get(table, {}), references.get(table, [])
        for _ in range(ATTEMPTS):
            if await self._written(table, {**await self._row(*about), **given}):
                return
        raise LookupError(f"no row fits {self._schema}.{table}")

    async def _fill(
        self, table: str, columns: Sequence[Column], words: Mapping[str, list[str]], references: Iterable[Reference]
    ) -> None:
        written = 0
        for _ in range(ATTEMPTS):
            written += await self._written(table, await self._row(table, columns, words, references))
            if written == WANTED:
                return

    async def _written(self, table: str, row: Mapping[str, Any]) -> bool:
        names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f"${n}" for n in range(1, len(row) + 1))
        try:
            async with self._connection.transaction():
                await self._connection.execute(
                    f'insert into {self._schema}."{table}" ({names}) values ({marks})', *row.values()
                )
        except asyncpg.PostgresError:
            return False  # a guess that a constraint refuses
        return True

    async def _row(
        self, table: str, columns: Sequence[Column], words: Mapping[str, list[str]], references: Iterable[Reference]
    ) -> dict[str, Any]:
        self._hour, self._number = self._chance.randrange(10_000), self._chance.choice([0, 1, 100, None])
        given = [one for one in columns if not self._left_out(one)]
        row = {one.name: self._value(one, words.get(one.name, [])) for one in given}
        fitting = FITTING.get(f"{self._schema}.{table}", {})
        row |= {one.name: fitting[one.name] for one in columns if one.name in fitting}
        for reference in references:
            if row.keys() >= set(reference.columns):
                row |= zip(reference.columns, await self._referred_to(reference), strict=True)
        return row

    async def _referred_to(self, reference: Reference) -> Sequence[Any]:
        names = ", ".join(f'"{name}"' for name in reference.to_columns)
        found = await self._connection.fetchrow(
            f'select {names} from {self._schema}."{reference.to_table}" order by random() limit 1'
        )
        return list(found) if found is not None else [None for _ in reference.columns]

    def _left_out(self, column: Column) -> bool:
        return column.made or (column.nullable and self._chance.random() < 0.5)

    def _value(self, column: Column, words: list[str]) -> Any:
        self._hour += 1  # of two times in a row the second is later
        hours, kind = self._hour, column.type
        if column.name == "currency":
            return "USD"
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
            "tstzmultirange": [],
            "tstzrange": asyncpg.Range(START + timedelta(hours=hours), START + timedelta(hours=hours + 1)),
        }
        if kind in {"text", "varchar", "citext"}:
            return self._chance.choice(words or [plain, f"{plain[5:]}@example.com"])
        if kind.startswith("int"):
            return self._number if self._number is not None else self._chance.choice([0, 1, 100])
        return [] if kind.startswith("_") else values[kind]

    async def _columns(self) -> dict[str, list[Column]]:
        found: dict[str, list[Column]] = {}
        for row in await self._connection.fetch(COLUMNS, self._schema):
            column = Column(row["column_name"], row["udt_name"], row["nullable"], row["made"])
            found.setdefault(row["table_name"], []).append(column)
        return found

    async def _words(self) -> dict[str, dict[str, list[str]]]:
        """By table and column: what a check of that column alone names."""
        found: dict[str, dict[str, list[str]]] = {}
        for row in await self._connection.fetch(WORDS, self._schema):
            if len(row["columns"]) == 1 and (words := QUOTED.findall(row["definition"])):
                found.setdefault(row["table_name"], {}).setdefault(row["columns"][0], words)
        return found

    async def _references(self) -> dict[str, list[Reference]]:
        found: dict[str, list[Reference]] = {}
        for row in await self._connection.fetch(REFERENCES, self._schema):
            reference = Reference(tuple(row["columns"]), row["to_table"], tuple(row["to_columns"]))
            found.setdefault(row["table_name"], []).append(reference)
        return found

    async def _count(self, table: str) -> int:
        return int(await self._connection.fetchval(f'select count(*) from {self._schema}."{table}"'))
