"""Events about audit logs: each service publishes those of its own schema, on its own topic."""

from functools import cache
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from shared.events.base import Event
from shared.records.ids import derived_id

OTHERS = frozenset({"__init__", "audit", "base", "passes", "privacy", "sessions", "subscriptions"})
PRODUCERS = tuple(sorted({module.stem for module in Path(__file__).parent.glob("*.py")} - OTHERS))
"""All services: each has a module of events; `subscriptions` are of payments, `passes` and `sessions` of booking."""
CHAINS = UUID("6f0c1b0e-5d0b-5c39-9d6b-2d3c8a4f7e10")
"""What the ids of chains are derived from."""


class AuditSealedEvent(Event):
    """Audit rows were sealed: `hash` (hex digits) is the head of the service's chain, `number` its last row."""

    keyed_by: ClassVar[str] = "chain_id"

    chain_id: UUID
    service: str
    number: int
    hash: str


@cache
def sealed_by(service_name: str) -> type[AuditSealedEvent]:
    """That service's class of the event."""

    class AuditSealed(AuditSealedEvent):
        """Audit rows were sealed: `hash` (hex digits) is the head of the service's chain, `number` its last row."""

        topic = f"estuary.{service_name}"

    return AuditSealed


def audit_sealed(service_name: str, number: int, head: bytes) -> AuditSealedEvent:
    """The event of that service's log, with its head."""
    chain_id = derived_id(CHAINS, service_name)
    return sealed_by(service_name)(chain_id=chain_id, service=service_name, number=number, hash=head.hex())


SEALED = {name: sealed_by(name) for name in PRODUCERS}
"""The event's class of each service; all are stored under one name."""
