"""Marks in everything personal that the registers name: a mark per column, in a row of the person's.

Where the person has no row in a table, one is written. Columns that hold no text (ids, times, numbers, flags) are
marked by their row alone.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg

from estuary.services import SERVICES, register
from shared.records.ids import new_id
from shared.records.privacy import TableEntry
from tests.database.rows import Rows

ZONE = "Antarctica/Troll"
TEXTS = {
    "text": "$1",
    "varchar": "$1",
    "citext": "$1 || '@example.com'",
    "_text": "array[$1]",
    "bytea": "convert_to(rpad($1, 32, '.'), 'UTF8')",
    "jsonb": """case jsonb_typeof({0}) when 'array' then '[]'::jsonb else '{{}}'::jsonb end
        || coalesce({0}, '{{}}') || jsonb_build_object('planted', $1::text)""",
}
"""How a mark is written into a column of such a type."""
CLOSED = {
    "booking.series.start_time": "is a time on the clock",
    "catalog.locations.country": "is a code of two characters",
    "catalog.locations.visibility": "is one of two",
    "identity.export_parts.service": "is one of the services' names",
    "identity.exports.status": "is one of four",
    "identity.mail_tokens.kind": "is one of those that there are",
    "identity.mail_tokens.recipient": "is there in the last mail of an erasure alone",
    "identity.social_attempts.mode": "is one of two",
    "identity.social_attempts.step": "is one of six",
    "identity.tickets.purpose": "is one of four",
    "notifications.mails.template": "is the name of a template",
    "notifications.notifications.template": "is the name of a template",
    "notifications.preferences.topic": "is one of seven",
    "notifications.staff_notifications.template": "is the name of a template",
    "streams.posts.post_type": "is one of five",
    "streams.posts.status": "is one of three",
    "streams.tiers.currency": "is a currency",
}
"""Columns whose texts come from a list of ours, so that they can carry no mark: they go with their row."""
FITTING: dict[str, dict[str, Any]] = {
    "idempotency": {"status": None, "locked_until": datetime(2020, 1, 1, tzinfo=UTC)},
    "passes": {"status": "expired", "total_amount": 0, "credits_amount": 0},
    "pass_sessions": {"status": "lapsed", "value_amount": 0, "booking_id": None},
    "locations": {"is_virtual": False, "line1": "Street", "city": "City", "country": "DE", "lat": 1.0, "lon": 1.0},
}
"""What a row of such a table says, where one is written: an answer that a request never got to, an address, a
pass that holds no erasure up."""
AUDITED = ("before", "after", "reason", "address")
EVENTS = {"outbox": "payload", "parked": "envelope"}
"""What they say of a person is marked by `park`, and by what the person did."""
COLUMNS = """
    select column_name, udt_name from information_schema.columns
    where table_schema = $1 and table_name = $2 and is_generated = 'NEVER'
"""


@dataclass
class Planted:
    """What was planted: the mark of each column of text, and the columns that are marked by their row alone."""

    marks: dict[str, str] = field(default_factory=dict)
    by_row: set[str] = field(default_factory=set)


def mark_of(column: str) -> str:
    """A word that nothing else says; 16 characters."""
    return "zq" + hashlib.sha256(column.encode()).hexdigest()[:14]


class Planter:
    """Plants what is about one person, in one database."""

    def __init__(self, database: asyncpg.Connection, person: UUID, practitioner: UUID) -> None:
        """Nothing is planted yet."""
        self._database, self._ids = database, {"person": person, "practitioner": practitioner}
        self.planted = Planted()

    async def plant(self) -> None:
        """In every table of every service's register whose rows say whose they are."""
        await Rows(self._database, "identity").add("oauth_clients", {"backchannel_logout_uri": None})
        customer = {"user_id": self._ids["person"], "leaving": False}
        await Rows(self._database, "payments").add("customers", customer)
        for service in SERVICES:
            for table, entry in register(service).items():
                if entry.personal and entry.theirs and table != "audit":
                    await self._plant_in(service, table, entry)
            await self._plant_audit(service)

    async def _plant_in(self, service: str, table: str, entry: TableEntry) -> None:
        name = f"{service}.{table}"
        row = await self._row_of(service, table, entry)
        types = dict(await self._database.fetch(COLUMNS, service, table))
        for column in entry.personal:
            if column not in types:
                continue  # made of the others by Postgres
            full = f"{name}.{column}"
            if types[column] not in TEXTS or full in CLOSED:
                self.planted.by_row.add(full)
                continue
            mark = ZONE if column.endswith("timezone") else mark_of(full)
            written = TEXTS[types[column]].format(column)
            update = f"update {name} set {column} = {written} where ctid = $2 returning ctid"
            row = await self._database.fetchval(update, mark, row)
            self.planted.marks[full] = mark

    async def _plant_audit(self, service: str) -> None:
        """A row that is added says what it says for good; it is sealed within seconds, which gives it its salt."""
        marks = {f"{service}.audit.{column}": mark_of(f"{service}.audit.{column}") for column in AUDITED}
        before, after, *texts = marks.values()
        values = json.dumps({"planted": before}), json.dumps({"planted": after}), *texts
        await self._database.execute(
            f"""insert into {service}.audit (id, action, subject_id, before, after, reason, address, created_at)
            values ($1, 'test.plant', $2, $3, $4, $5, $6, now())""",
            new_id(),
            self._ids["person"],
            *values,
        )
        self.planted.marks |= marks
        self.planted.by_row.add(f"{service}.audit.salt")

    async def _row_of(self, service: str, table: str, entry: TableEntry) -> Any:
        first = f"select ctid from {service}.{table} where {self._of_person(entry.theirs)} limit 1"
        if (row := await self._database.fetchval(first)) is None:
            await Rows(self._database, service).add(
                table, {**FITTING.get(table, {}), **await self._owner(entry.theirs)}
            )
            row = await self._database.fetchval(first)
        assert row is not None, f"the row in {service}.{table} is not the person's"
        return row

    async def _owner(self, theirs: str) -> Mapping[str, Any]:
        """The column that makes a row the person's, by the condition of the register."""
        if found := re.match(r"(\w+) = :(person|practitioner)\b", theirs):
            return {found[1]: self._ids[found[2]]}
        if found := re.match(r":person in \((\w+),", theirs):
            return {found[1]: self._ids["person"]}
        found = re.match(r"(\w+) in \((select .*)\)$", theirs)
        assert found, f"whose row it is is said in a new way: {theirs}"
        owner = await self._database.fetchval(self._of_person(found[2]) + " limit 1")
        assert owner is not None, f"the person has nothing that such a row belongs to: {theirs}"
        return {found[1]: owner}

    def _of_person(self, sql: str) -> str:
        return re.sub(r":(person|practitioner)\b", lambda found: f"'{self._ids[found[1]]}'::uuid", sql)


def personal_columns() -> set[str]:
    """All that the registers call personal, but for what Postgres makes of it and for events."""
    return {
        f"{service}.{table}.{column}"
        for service in SERVICES
        for table, entry in register(service).items()
        for column in entry.personal
        if table not in EVENTS
    }


async def generated_columns(database: asyncpg.Connection) -> set[str]:
    """Those that Postgres makes of others, with their schema and table."""
    found = await database.fetch(
        "select table_schema, table_name, column_name from information_schema.columns where is_generated = 'ALWAYS'"
    )
    return {".".join(row) for row in found}
