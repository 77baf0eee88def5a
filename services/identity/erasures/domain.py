"""Rules of erasures."""

from datetime import timedelta
from enum import StrEnum

LOOK_AGAIN = timedelta(seconds=5)
"""How long after a look at what is open the next one comes (machine time)."""
SETTLE = timedelta(seconds=5)
"""How long after the account was closed it is asked once more what is open (machine time): its tokens are known to have
ended by then, and what they did at the last moment is stored."""
LAST_MAIL_LIFE = timedelta(hours=72)


class ErasureStatus(StrEnum):
    """`waiting` can be cancelled; from `erasing` on it goes through."""

    WAITING = "waiting"
    ERASING = "erasing"
    DONE = "done"
    CANCELLED = "cancelled"


TRANSITIONS: dict[ErasureStatus, frozenset[ErasureStatus]] = {
    ErasureStatus.WAITING: frozenset({ErasureStatus.ERASING, ErasureStatus.CANCELLED}),
    ErasureStatus.ERASING: frozenset({ErasureStatus.DONE}),
    ErasureStatus.DONE: frozenset(),
    ErasureStatus.CANCELLED: frozenset(),
}
