"""The chain of an audit log: a number, a salted digest and a hash for each row, and how all of them are checked.

The digest of a row is SHA-256 over its salt (16 random bytes) and its contents as JSON: one object with `address`,
`after`, `before` and `reason`, keys sorted, no spaces, UTF-8. The hash of a row is SHA-256 over the hash of the row
before it (that of number 1: SHA-256 over `FIRST` and the schema's name) and a JSON list of number, id, actor_id,
on_behalf_of, subject_id, action, trace_id, created_at (UTC, microseconds, `+00:00`) and the digest as hex digits. An
erasure takes contents and salt, so that nothing can be found by trying; digest and hash stay.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import cache
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import BigInteger, bindparam, select, text

from shared.database.session import Session
from shared.database.statements import CompiledStatement
from shared.database.system_tables import system_tables

FIRST = b"estuary audit 1\n"
SALT_BYTES = 16
ERASED = """
    select entry.id from {schema}.audit erasure, jsonb_array_elements_text(erasure.after -> 'entries') entry (id)
    where erasure.action = 'audit.erase' and entry.id = any (cast(:ids as text[]))
"""
"""Which of these rows an erasure says that it emptied."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the chain."""

    number: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Walked:
    """One stretch of the chain: the hash of each row, how many were emptied, and the first that is not as sealed."""

    hashes: Sequence[bytes]
    erased: int
    broken_at: int | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Seal:
    """What sealing adds to a row."""

    id: UUID
    number: int
    salt: bytes
    digest: bytes
    hash: bytes


def start_of(schema: str) -> Position:
    """Where the chain of that schema begins: before number 1."""
    return Position(0, hashlib.sha256(FIRST + schema.encode()).digest())


def digest_of(salt: bytes, row: Any) -> bytes:
    """The salted digest of what an erasure may take."""
    contents = {"address": row.address, "after": row.after, "before": row.before, "reason": row.reason}
    return hashlib.sha256(salt + _canonical(contents)).digest()


def hash_of(previous: bytes, number: int, row: Any, digest: bytes) -> bytes:
    """The hash over the row before it, over what stays of this one, and over its digest."""
    created_at = row.created_at.astimezone(UTC).isoformat(timespec="microseconds")
    ids = [None if one is None else str(one) for one in (row.id, row.actor_id, row.on_behalf_of, row.subject_id)]
    return hashlib.sha256(
        previous + _canonical([number, *ids, row.action, row.trace_id, created_at, digest.hex()])
    ).digest()


def sealed(last: Position, rows: Sequence[Any]) -> list[Seal]:
    """The seals of these rows, which follow that place in the order in which they are given."""
    found, previous = [], last.hash
    for number, row in enumerate(rows, last.number + 1):
        salt = secrets.token_bytes(SALT_BYTES)
        digest = digest_of(salt, row)
        previous = hash_of(previous, number, row, digest)
        found.append(Seal(row.id, number, salt, digest, previous))
    return found


async def last_position(session: Session, schema: str) -> Position:
    """The newest place in the chain."""
    row = await session.first(_statements(schema).last)
    return Position(row.number, row.hash) if row else start_of(schema)


async def walk(session: Session, schema: str, after: Position, limit: int) -> Walked:
    """Checks the rows that follow that place, `limit` of them at most, and stops at the first that is not as sealed."""
    rows = await session.run(_statements(schema).following, {"after": after.number, "most": limit})
    recorded = await _recorded_erasures(session, schema, rows)
    hashes: list[bytes] = []
    erased, previous = 0, after.hash
    for number, row in enumerate(rows, after.number + 1):
        if fault := _fault(row, number, previous, recorded):
            return Walked(hashes, erased, number, fault)
        previous = row.hash
        hashes.append(row.hash)
        erased += row.salt is None
    return Walked(hashes, erased)


def _fault(row: Any, number: int, previous: bytes, recorded: set[UUID]) -> str:
    if row.number != number:
        return "the row is missing"
    if row.salt is None:
        if (row.before, row.after, row.reason, row.address) != ({}, {}, None, None):
            return "an emptied row has contents"
        if row.id not in recorded:
            return "the row was emptied, and no erasure says so"
    elif digest_of(row.salt, row) != row.digest:
        return "the contents are not those that were sealed"
    if hash_of(previous, number, row, row.digest) != row.hash:
        return "the row, or the one before it, is not the one that was sealed"
    return ""


async def _recorded_erasures(session: Session, schema: str, rows: Sequence[Any]) -> set[UUID]:
    emptied = [str(row.id) for row in rows if row.salt is None]
    if not emptied:
        return set()
    found = await session.run(_statements(schema).erased, {"ids": emptied})
    return {UUID(row.id) for row in found}


@dataclass(frozen=True, slots=True)
class _Statements:
    last: CompiledStatement
    following: CompiledStatement
    erased: CompiledStatement


@cache
def _statements(schema: str) -> _Statements:
    audit = system_tables(schema).audit
    is_sealed = audit.c.number.is_not(None)
    last = select(audit.c.number, audit.c.hash).where(is_sealed).order_by(audit.c.number.desc()).limit(1)
    following = (
        select(audit)
        .where(is_sealed, audit.c.number > bindparam("after", type_=BigInteger))
        .order_by(audit.c.number)
        .limit(bindparam("most", type_=BigInteger))
    )
    erased = text(ERASED.format(schema=schema))
    return _Statements(CompiledStatement(last), CompiledStatement(following), CompiledStatement(erased))


def _canonical(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
