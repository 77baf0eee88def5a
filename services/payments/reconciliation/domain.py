"""Which lists are read, and from when on."""

from datetime import datetime, timedelta
from enum import StrEnum

EVERY = timedelta(days=1)
# Of what is read again: what came back of an older transfer, or became of an older refund, shows by that.
OVERLAP = timedelta(days=30)
# By which Stripe's clock may be behind ours.
CLOCKS_DIFFER = timedelta(hours=1)


class Listed(StrEnum):
    """Lists of Stripe that have money in them which ours must have too."""

    TRANSFER = "transfer"
    REFUND = "refund"


def window(started_at: datetime, read_until: datetime | None) -> datetime:
    """From when on the next look reads: all since the install's start, later the last days before the last look."""
    since = started_at if read_until is None else max(started_at, read_until - OVERLAP)
    return since - CLOCKS_DIFFER
