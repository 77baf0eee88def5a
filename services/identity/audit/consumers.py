"""What keeps the heads of all audit logs here, where the owner of another schema does not reach them."""

from services.identity.audit.repository import AuditHeads
from shared.database.audit_chain import Position
from shared.database.session import Session
from shared.events.audit import SEALED, AuditSealedEvent
from shared.events.base import Consumers


async def audit_sealed(session: Session, event: AuditSealedEvent) -> None:
    """Keeps the head."""
    await AuditHeads(session).add(event.service, Position(event.number, bytes.fromhex(event.hash)))


CONSUMERS: Consumers = dict.fromkeys(SEALED.values(), audit_sealed)
