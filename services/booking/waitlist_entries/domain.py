"""The life of an entry in a waitlist, and how long a seat is offered."""

from datetime import datetime, timedelta
from enum import StrEnum


class EntryStatus(StrEnum):
    """Where an entry stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    PASSED = "passed"
    LEFT = "left"
    CLOSED = "closed"


OPEN = (EntryStatus.WAITING, EntryStatus.OFFERED)
"""Those that may still become a booking."""
ENDED = frozenset({EntryStatus.LEFT, EntryStatus.CLOSED})

# booked -> offered: payments refused the order, so that there is no booking, and the offer goes on.
TRANSITIONS: dict[EntryStatus, frozenset[EntryStatus]] = {
    EntryStatus.WAITING: ENDED | {EntryStatus.OFFERED},
    EntryStatus.OFFERED: ENDED | {EntryStatus.BOOKED, EntryStatus.PASSED},
    EntryStatus.BOOKED: frozenset({EntryStatus.OFFERED}),
    EntryStatus.PASSED: frozenset(),
    EntryStatus.LEFT: frozenset(),
    EntryStatus.CLOSED: frozenset(),
}


def offer_end(now: datetime, offer: timedelta, offers_until: datetime) -> datetime:
    """When an offer made now ends."""
    return min(now + offer, offers_until)
