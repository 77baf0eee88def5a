"""The job that seals audit rows after their commit: the leader of a schema numbers them in the order it sees them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, bindparam, or_, select, text

from shared.database.audit_chain import Seal, last_position, sealed
from shared.database.session import Database, Session
from shared.database.statements import CompiledStatement
from shared.events.audit import audit_sealed
from shared.messaging.outbox import emit
from shared.records.clock import machine_now
from shared.records.ids import least_id_at

BATCH = 1000
COMPLETED_IN = timedelta(minutes=10)
"""So long a row that the release before left open may still be completed in place; then it is sealed as it is."""
SEAL = """
    update {schema}.audit row set number = seal.number, salt = seal.salt, digest = seal.digest, hash = seal.hash
    from unnest(cast(:ids as uuid[]), cast(:numbers as bigint[]), cast(:salts as bytea[]), cast(:digests as bytea[]),
        cast(:hashes as bytea[])) seal (id, number, salt, digest, hash)
    where row.id = seal.id
"""


class Sealer:
    """Seals the audit log of one schema; several of them take turns, and what one leaves the next one finds."""

    def __init__(self, db: Database) -> None:
        """Of that database's schema."""
        self.db = db
        audit = db.system_tables.audit
        is_whole = audit.c.after["outcome"].astext.is_distinct_from("unknown")
        waiting = audit.c.number.is_(None), or_(is_whole, audit.c.id < bindparam("open_since", type_=Uuid))
        self._any = CompiledStatement(select(audit.c.id).where(*waiting).limit(1))
        # A row that is being emptied at this moment is left for the next time, and an emptying waits for the seal.
        rows = select(audit).where(*waiting).order_by(audit.c.id).limit(BATCH).with_for_update(skip_locked=True)
        self._rows = CompiledStatement(rows)
        self._turn = CompiledStatement(
            text("select pg_advisory_xact_lock(hashtext('estuary.audit'), hashtext(cast(:schema as text)))")
        )
        self._seal = CompiledStatement(text(SEAL.format(schema=db.schema)))

    async def run_once(self) -> int:
        """Seals the rows that are committed by now, a thousand at most; returns how many.

        Numbers follow what is visible, not the ids: a row that is committed late comes after those that were sealed
        before. All of it is one transaction, so that a process that is killed leaves nothing half sealed.
        """
        open_since = {"open_since": least_id_at(machine_now() - COMPLETED_IN)}
        async with self.db.read() as session:
            if await session.first(self._any, open_since) is None:
                return 0
        async with self.db.transaction() as session:
            return await self._seal_all(session, open_since)

    async def _seal_all(self, session: Session, open_since: dict[str, UUID]) -> int:
        await session.run(self._turn, {"schema": self.db.schema})
        last = await last_position(session, self.db.schema)
        seals = sealed(last, await session.run(self._rows, open_since))
        if seals:
            await session.run(self._seal, _columns(seals))
            emit(session, audit_sealed(self.db.schema, seals[-1].number, seals[-1].hash))
        return len(seals)


def _columns(seals: list[Seal]) -> dict[str, list[Any]]:
    return {
        "ids": [seal.id for seal in seals],
        "numbers": [seal.number for seal in seals],
        "salts": [seal.salt for seal in seals],
        "digests": [seal.digest for seal in seals],
        "hashes": [seal.hash for seal in seals],
    }
