"""What keeps a practitioner busy: a port, and its sources."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from services.booking.calendars.domain import Busy
from shared.database.session import Session


@dataclass(frozen=True)
class BusyQuestion:
    """Which time of which practitioner, from the point of view of one service of `capacity` seats a slot."""

    practitioner_id: UUID
    service_id: UUID
    capacity: int
    first: datetime
    until: datetime
    now: datetime


class BusySource(Protocol):
    """A port for whatever takes a practitioner's time."""

    async def busy(self, session: Session, question: BusyQuestion) -> list[Busy]:
        """What is taken around that time, in any order; more than asked for does no harm."""
