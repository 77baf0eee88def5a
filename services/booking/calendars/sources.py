"""What keeps a practitioner busy: a port, and its sources."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal, Protocol
from uuid import UUID

from services.booking.calendars.domain import Busy
from shared.database.session import Session

BusyName = Literal["booking", "time_off"]


@dataclass(frozen=True)
class BusyQuestion:
    """Which time of which practitioner.

    `moved`: the session in which one seat counts as free, that of a booking which is to be moved. `resources`: those of
    which it is asked who has them.
    """

    practitioner_id: UUID
    first: datetime
    until: datetime
    now: datetime
    moved: UUID | None = None
    resources: frozenset[UUID] = frozenset()


class BusySource(Protocol):
    """A port for whatever takes a practitioner's time; `name` is what practitioners see of it."""

    name: ClassVar[BusyName]

    async def busy(self, session: Session, question: BusyQuestion) -> list[Busy]:
        """What is taken around that time, in any order; more than asked for does no harm."""
