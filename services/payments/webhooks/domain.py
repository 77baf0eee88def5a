"""What to do with a webhook, and when to try again."""

from datetime import timedelta
from enum import StrEnum

from shared.concurrency.back_off import BackOff

BACK_OFF = BackOff(1.0, 3600.0)
MOST_TRIES = 12
# While Stripe does not answer, no failure is counted.
PAUSE_WITHOUT_STRIPE = timedelta(seconds=15)


class EventState(StrEnum):
    """Unknown types are ignored; what failed stays pending and is tried again.

    `dead`: it failed too often, or carries a value that we do not know; an operator decides (`estuary dead-letters`).
    """

    PENDING = "pending"
    DONE = "done"
    IGNORED = "ignored"
    DEAD = "dead"


def after_failure(tries: int, *, hopeless: bool) -> EventState:
    """Whether an event that has failed that many times is tried again; `hopeless`: no repetition can succeed."""
    return EventState.DEAD if hopeless or tries >= MOST_TRIES else EventState.PENDING
