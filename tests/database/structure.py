"""What a schema is made of, in Postgres's own words: two schemas are the same where these texts are."""

import re

import asyncpg

TABLES = """
    select c.oid, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = $1 and c.relkind in ('r', 'p') and c.relname <> 'alembic_version'
"""
COLUMNS = """
    select a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
        || case when a.attnotnull then ' not null' else '' end
        || case when a.attgenerated <> '' then ' generated as ' || pg_get_expr(d.adbin, d.adrelid) else '' end
        || case when a.attidentity <> '' then ' identity' else '' end
    from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
"""
CONSTRAINTS = "select pg_get_constraintdef(oid) from pg_constraint where conrelid = $1 and contype <> 'n'"
INDEXES = """
    select pg_get_indexdef(indexrelid) from pg_index where indrelid = $1
        and not exists (select from pg_constraint c where c.conindid = indexrelid and c.contype in ('p', 'u', 'x'))
"""
ONE_OF = re.compile(r"(?<=ARRAY\[)[^]]+(?=])")


async def structure(connection: asyncpg.Connection, schema: str) -> set[str]:
    """All columns (generated ones with what they hold), keys, checks and indexes, one text each.

    Constraints are compared without their names; of text with and without a length only the length matters.
    """
    found = set[str]()
    for oid, table in await connection.fetch(TABLES, schema):
        for query in (COLUMNS, CONSTRAINTS, INDEXES):
            found |= {f"{table}: {normal(text)}" for (text,) in await connection.fetch(query, oid)}
    return found


def normal(text: str) -> str:
    """The same text for what is the same: the words of a list in one order, one name for text of any length."""
    words = ONE_OF.sub(lambda found: ", ".join(sorted(found[0].split(", "))), text)
    return re.sub(r"^(\w+ )character varying(?!\()", r"\1text", words)


async def drop_tables(connection: asyncpg.Connection, schema: str) -> None:
    """All of them; functions and types stay."""
    for _, table in await connection.fetch(TABLES, schema):
        await connection.execute(f'drop table {schema}."{table}" cascade')
