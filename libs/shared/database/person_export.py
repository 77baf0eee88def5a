"""What a schema holds of a person, in pages: every row that its register says is about them, table by table.

Of a row that is about them and another, what is personal of the other is left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Self

import orjson
from sqlalchemy import text

from shared.database.erasure import Person
from shared.database.privacy import SYSTEM
from shared.database.session import Session
from shared.errors import Invalid
from shared.records.privacy import Register, TableEntry

Row = dict[str, Any]
HIDDEN = frozenset(
    {"password_hash", "client_secret", "publishable_key", "hash", "replaced_by", "folded", "document", "words"}
    | {"head", "whole", "head_words", "whole_words"}
)
"""What opens something, and what only serves a search."""
KEY = text("""
    select array_agg(a.attname::text order by array_position(i.indkey::int2[], a.attnum)) as columns
    from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
    where i.indrelid = to_regclass(:table) and i.indisprimary
""")
SEALED = text("""
    select column_name from information_schema.columns
    where table_schema = :schema and table_name = :table and data_type = 'bytea'
""")


@dataclass(frozen=True, slots=True)
class Position:
    """After which row of which table a page begins; no key: at the first row."""

    table: str = ""
    key: tuple[str, ...] = ()

    @classmethod
    def parse(cls, given: str | None) -> Self:
        """As `str` writes it; raises Invalid."""
        if given is None:
            return cls()
        try:
            table, key = orjson.loads(given)
            return cls(str(table), tuple(str(one) for one in key))
        except (ValueError, TypeError):
            raise Invalid("This is no place in an export.", field="after") from None

    def __str__(self) -> str:
        return orjson.dumps([self.table, self.key]).decode()


async def page_of_person(
    session: Session, schema: str, register: Register, person: Person, after: Position, limit: int
) -> tuple[list[tuple[str, Row]], Position | None]:
    """Up to that many rows with their tables, and where the next page begins; None at the end."""
    found: list[tuple[str, Row]] = []
    for name in sorted(name for name, entry in register.items() if entry.about and name not in SYSTEM):
        if name < after.table:
            continue
        start = after.key if name == after.table else ()
        rows = await _rows(session, schema, name, register[name], person, start, limit - len(found))
        found += [(name, row) for _, row in rows]
        if len(found) == limit:
            return found, Position(name, rows[-1][0])
    return found, None


async def _rows(
    session: Session, schema: str, name: str, entry: TableEntry, person: Person, start: tuple[str, ...], limit: int
) -> Sequence[tuple[tuple[str, ...], Row]]:
    table = f"{schema}.{name}"
    columns = await session.scalar(KEY, {"table": table})
    key = ", ".join(f't."{column}"::text collate "C"' for column in columns)
    values: dict[str, Any] = {**person.values(), "limit": limit}
    follows = "true"
    if start:
        values |= {f"key_{number}": part for number, part in enumerate(start)}
        follows = f"({key}) > ({', '.join(f'cast(:key_{number} as text)' for number in range(len(start)))})"
    sealed = {row.column_name for row in await session.execute(SEALED, {"schema": schema, "table": name})}
    sql = f"""
        select to_jsonb(t) as row, array[{key}] as key, {entry.theirs or "false"} as own from {table} t
        where ({entry.about}) and {follows} order by {key} limit :limit
    """
    hidden, of_others = HIDDEN | sealed, HIDDEN | sealed | set(entry.personal)
    rows = await session.execute(text(sql), values)
    return [(tuple(row.key), _shown(row.row, hidden if row.own else of_others)) for row in rows]


def _shown(row: Row, hidden: Collection[str]) -> Row:
    return {column: value for column, value in row.items() if column not in hidden}
