"""Idempotency-Key: the answer is stored with the effect, and a repeat gets the same answer (rule 8)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from shared.database.session import Database, Session
from shared.errors import AppError, Conflict, Invalid
from shared.records.clock import machine_now
from shared.records.ids import new_id

LEASE = timedelta(seconds=5)
RETENTION = timedelta(days=30)


class KeyReused(Invalid):
    """The key came before with another body or path."""

    code, detail = "idempotency_key_reused", "This Idempotency-Key was used for another request."


class InProgress(Conflict):
    """The first request with this key is still under way."""

    code, detail = "request_in_progress", "A request with this Idempotency-Key is in progress."


class KeyRequired(AppError):
    """A request that moves money came without a key: after a lost answer a repeat would move it again."""

    status, title, code = 428, "Idempotency-Key required", "idempotency_key_required"
    detail = "Send an Idempotency-Key, the same one when you repeat the request."


@dataclass(frozen=True, slots=True)
class Stored:
    """The answer that was given before."""

    status: int
    body: bytes


class IdempotentOperation:
    """One keyed request. `id` is the same on every retry: the primary row that it creates carries it.

    `resumed`: an earlier try with this key began and did not end, so its rows may be there.
    """

    def __init__(self, principal: UUID | None = None, key: str | None = None, request_hash: bytes = b"") -> None:
        """Without principal and key every method is a no-op and `id` is fresh."""
        self.principal, self.key, self.request_hash = principal, key, request_hash
        self.id = new_id()
        self.started = False
        self.resumed = False
        self.finished = False

    async def look(self, db: Database) -> Stored | None:
        """The stored answer, if there is one. Takes over the id of an earlier try; raises KeyReused, InProgress."""
        async with db.read() as session:
            row = (await session.execute(select(self._table(db)).where(*self._mine(db)))).mappings().one_or_none()
        if row is None:
            return None
        if row["request_hash"] != self.request_hash:
            raise KeyReused
        if row["status"] is not None:
            return Stored(row["status"], bytes(row["body"]))
        if row["locked_until"] > machine_now():
            raise InProgress(headers={"Retry-After": "1"})
        self.id, self.resumed = row["operation_id"], True
        return None

    async def start(self, session: Session) -> None:
        """Claims the key in this transaction, before a remote call; raises InProgress where a twin has it."""
        if self.key is None:
            return
        table = session.system_tables.idempotency
        claim = insert(table).values(
            principal=self.principal,
            key=self.key,
            request_hash=self.request_hash,
            operation_id=self.id,
            locked_until=machine_now() + LEASE,
            created_at=machine_now(),
        )
        free = or_(table.c.locked_until < machine_now(), table.c.locked_until.is_(None)) & table.c.status.is_(None)
        take_over = claim.on_conflict_do_update(
            index_elements=["principal", "key"],
            set_={"locked_until": machine_now() + LEASE},
            where=free & (table.c.operation_id == self.id),
        ).returning(table.c.operation_id)
        if (await session.execute(take_over)).scalar_one_or_none() != self.id:
            raise InProgress(headers={"Retry-After": "1"})
        self.started = True

    def forget_try(self) -> None:
        """The transaction with the claim and the answer was rolled back: the next try makes both again."""
        self.started = self.finished = False

    async def done(self, session: Session, status: int, view: BaseModel) -> None:
        """Stores the answer in the last transaction of the use case."""
        await self.store(session, status, view.model_dump_json().encode())

    async def store(self, session: Session, status: int, body: bytes) -> None:
        """Stores the answer's bytes in this transaction."""
        self.finished = True
        if self.key is None:
            return
        table = session.system_tables.idempotency
        answer = {"status": status, "body": body, "locked_until": None}
        await session.execute(update(table).where(*self._mine(session)).values(answer))

    async def settle(self, db: Database, *, refused: bool) -> None:
        """After a failure: a refusal frees the key; an unknown outcome lets a repeat take it over at once.

        An answer that is stored stays. That `finished` is set says little here: its transaction may have failed.
        """
        if not self.started:
            return
        table, mine = self._table(db), (*self._mine(db), self._table(db).c.status.is_(None))
        async with db.autocommit() as session:
            if refused:
                await session.execute(delete(table).where(*mine))
            else:
                await session.execute(update(table).where(*mine).values(locked_until=machine_now()))

    def _table(self, source: Any) -> Any:
        return source.system_tables.idempotency

    def _mine(self, source: Any) -> tuple[Any, ...]:
        table = self._table(source)
        return (table.c.principal == self.principal, table.c.key == self.key)


def hash_of(method: str, path: str, body: bytes, scopes: Iterable[str] | None = None) -> bytes:
    """What must be equal for a key to mean the same request.

    The scopes of a narrowed token too: an answer may show a wider one what this one is not to see.
    """
    parts = [method.encode(), path.encode(), body]
    if scopes is not None:
        parts.append(" ".join(sorted(scopes)).encode())
    return hashlib.sha256(b"\n".join(parts)).digest()


async def prune(db: Database) -> int:
    """Deletes keys older than thirty days; returns how many."""
    table = db.system_tables.idempotency
    async with db.autocommit() as session:
        old = delete(table).where(table.c.created_at < machine_now() - RETENTION)
        return (await session.execute(old)).rowcount or 0  # type: ignore[attr-defined]  # the result of a delete has it
