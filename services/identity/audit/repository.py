"""Rows of audit logs' heads."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from services.identity.audit.models import AuditHead
from shared.database.audit_chain import Position
from shared.database.repository import Repository
from shared.records.clock import machine_now


class AuditHeads(Repository):
    """Heads; they are added, and never changed."""

    async def add(self, service: str, head: Position) -> None:
        """Adds a head; the same one again changes nothing."""
        row = {"service": service, "number": head.number, "hash": head.hash, "received_at": machine_now()}
        await self.session.execute(insert(AuditHead).values(row).on_conflict_do_nothing())

    async def list(self, service: str) -> Sequence[Position]:
        """All of that service."""
        query = select(AuditHead.number, AuditHead.hash).where(AuditHead.service == service)
        return [Position(number, hash_) for number, hash_ in await self.session.execute(query)]
