"""Where words are found: in rows of the database, and in files."""

from collections.abc import Collection
from pathlib import Path

import asyncpg

TABLES = """
    select format('%I.%I', table_schema, table_name) from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')
"""
Places = dict[str, set[str]]
"""The words that are there, by place."""


async def places(database: asyncpg.Connection, words: Collection[str], without: Collection[str] = ()) -> Places:
    """The tables with a row that says one of the words, as text or as bytes, whatever the case."""
    found = {}
    for [table] in await database.fetch(TABLES):
        if table.partition(".")[2] not in without:
            rows = "\n".join(row[0] for row in await database.fetch(f"select t::text from {table} t")).lower()
            found[table] = {word for word in words if any(form in rows for form in _forms(word))}
    return {table: there for table, there in found.items() if there}


def files_with(folder: Path, words: Collection[str]) -> Places:
    """The files under the folder, but for those of Postgres and for the mailboxes to which mails were sent."""
    files = [file for file in folder.rglob("*") if file.is_file() and not {"postgres", "mail"} & set(file.parts)]
    texts = {str(file): file.read_bytes().lower() for file in files}
    found = {name: {word for word in words if word.lower().encode() in text} for name, text in texts.items()}
    return {file: there for file, there in found.items() if there}


def _forms(word: str) -> tuple[str, ...]:
    return word.lower(), word.encode().hex(), word.lower().encode().hex()
