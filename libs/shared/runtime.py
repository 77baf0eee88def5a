"""Everything that a service has from outside. Tests and modes differ only in the Runtime that they pass."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Self

from shared.auth.verification import Verifier
from shared.database.session import Database
from shared.messaging.bus import Bus
from shared.peers import Peers
from shared.records.clock import Clock


@dataclass(frozen=True)
class Runtime:
    """What one service runs on. A service with providers subclasses it and adds them."""

    service: str
    db: Database
    bus: Bus
    peers: Peers
    clock: Clock
    verifier: Verifier
    env: Mapping[str, str]

    @classmethod
    def of(cls, base: "Runtime", **own: Any) -> Self:
        """The same with the subclass's own fields."""
        given = {field.name: getattr(base, field.name) for field in fields(Runtime)}
        return cls(**given, **own)
