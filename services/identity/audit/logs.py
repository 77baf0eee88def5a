"""The audit log of one service, whichever it is: identity's own is read here, that of another is asked for."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar
from uuid import UUID

from services.identity.runtime import IdentityRuntime
from shared.database.audit_chain import Position, Walked, walk
from shared.database.audit_entries import AuditEntries, AuditFilter
from shared.errors import AppError, NotFound, Unavailable
from shared.internal.audit import OF_EACH
from shared.web.audit import AuditEntry, AuditEntryPage, AuditOperations, query_of

ANSWER_SECONDS = 2.0
A = TypeVar("A")


class AuditLog(Protocol):
    """What can be asked of a log. Unavailable where its service does not answer in two seconds."""

    async def list(self, wanted: AuditFilter, limit: int, *, oldest_first: bool) -> AuditEntryPage:
        """The first entries by time, and how many there are."""
        ...

    async def page(self, wanted: AuditFilter, after: UUID | None, limit: int) -> Sequence[AuditEntry]:
        """The entries that follow that id, by id."""
        ...

    async def find(self, entry_id: UUID) -> AuditEntry | None:
        """That entry."""
        ...

    async def walk(self, after: Position, limit: int) -> Walked:
        """Checks the rows that follow that place."""
        ...


@dataclass(frozen=True, slots=True)
class OwnLog:
    """Identity's."""

    runtime: IdentityRuntime

    async def list(self, wanted: AuditFilter, limit: int, *, oldest_first: bool) -> AuditEntryPage:
        """As AuditLog says."""
        async with self.runtime.db.read() as session:
            rows, total = await AuditEntries(session).list(wanted, limit, oldest_first=oldest_first)
        return AuditEntryPage(results=[AuditEntry.of("identity", row) for row in rows], total=total)

    async def page(self, wanted: AuditFilter, after: UUID | None, limit: int) -> Sequence[AuditEntry]:
        """As AuditLog says."""
        async with self.runtime.db.read() as session:
            return [AuditEntry.of("identity", row) for row in await AuditEntries(session).page(wanted, after, limit)]

    async def find(self, entry_id: UUID) -> AuditEntry | None:
        """As AuditLog says."""
        async with self.runtime.db.read() as session:
            row = await AuditEntries(session).find(entry_id)
        return None if row is None else AuditEntry.of("identity", row)

    async def walk(self, after: Position, limit: int) -> Walked:
        """As AuditLog says."""
        async with self.runtime.db.read() as session:
            return await walk(session, self.runtime.db.schema, after, limit)


@dataclass(frozen=True, slots=True)
class LogOfPeer:
    """Another service's."""

    runtime: IdentityRuntime
    service: str

    @property
    def operations(self) -> AuditOperations:
        """What the service answers."""
        return OF_EACH[self.service]

    async def list(self, wanted: AuditFilter, limit: int, *, oldest_first: bool) -> AuditEntryPage:
        """As AuditLog says."""
        asked = query_of(wanted) | {"limit": str(limit), "oldest_first": str(oldest_first).lower()}
        return await self._soon(self.runtime.peers.ask(self.operations.entries, query=asked))

    async def page(self, wanted: AuditFilter, after: UUID | None, limit: int) -> Sequence[AuditEntry]:
        """As AuditLog says."""
        asked = query_of(wanted) | {"limit": str(limit)} | ({} if after is None else {"after": str(after)})
        return (await self._soon(self.runtime.peers.ask(self.operations.batch, query=asked))).results

    async def find(self, entry_id: UUID) -> AuditEntry | None:
        """As AuditLog says."""
        try:
            return await self._soon(self.runtime.peers.ask(self.operations.entry, entry_id=entry_id))
        except NotFound:
            return None

    async def walk(self, after: Position, limit: int) -> Walked:
        """As AuditLog says, but for the two seconds."""
        asked: dict[str, int | str | float] = {"after": after.number, "previous": after.hash.hex(), "limit": limit}
        return (await self.runtime.peers.ask(self.operations.chain, query=asked)).walked()

    async def _soon(self, answer: Awaitable[A]) -> A:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await answer
        except NotFound:
            raise
        except (AppError, TimeoutError) as error:
            raise Unavailable(f"{self.service} does not answer.") from error


def logs_of(runtime: IdentityRuntime, only: str | None = None) -> dict[str, AuditLog]:
    """Those of all services, or that of one, by name."""
    names = runtime.settings.service_names if only is None else (only,)
    return {name: OwnLog(runtime) if name == "identity" else LogOfPeer(runtime, name) for name in names}
