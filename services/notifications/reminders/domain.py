"""When a reminder is due, and when it is still of use (docs/domain-rules.md, rule 19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise


class ReminderKind(StrEnum):
    DAY = "24h"
    HALF_HOUR = "30m"


class ReminderStatus(StrEnum):
    SCHEDULED = "scheduled"
    SENT = "sent"
    SKIPPED = "skipped"


class Decision(StrEnum):
    WAIT = "wait"
    SEND = "send"
    SKIP = "skip"


LEAD = {ReminderKind.DAY: timedelta(hours=24), ReminderKind.HALF_HOUR: timedelta(minutes=30)}
"""How long before the start each reminder is due, the earliest first."""

NEXT_KIND = dict(pairwise(LEAD))


@dataclass(frozen=True)
class ReminderContext:
    """A reminder beside the present state of its booking: all that decides whether it goes out."""

    kind: ReminderKind
    version: int
    booking_status: str
    booking_version: int
    start_time: datetime


def due_at(kind: ReminderKind, start_time: datetime) -> datetime:
    return start_time - LEAD[kind]


def useful_until(kind: ReminderKind, start_time: datetime) -> datetime:
    """A reminder is of use until the next one of the same start is due, the last one until the start."""
    following = NEXT_KIND.get(kind)
    return start_time if following is None else due_at(following, start_time)


def first_status(kind: ReminderKind, start_time: datetime, made_at: datetime) -> ReminderStatus:
    """`made_at` is when this start was agreed: the booking's creation, or its latest move."""
    return ReminderStatus.SKIPPED if due_at(kind, start_time) < made_at else ReminderStatus.SCHEDULED


def decide(context: ReminderContext, now: datetime) -> Decision:
    """What to do with a scheduled reminder at business time `now`, from the booking's current start."""
    current = context.booking_status == "confirmed" and context.version == context.booking_version
    if not current or now >= useful_until(context.kind, context.start_time):
        return Decision.SKIP
    return Decision.SEND if now >= due_at(context.kind, context.start_time) else Decision.WAIT


REMINDER_TRANSITIONS: dict[ReminderStatus, frozenset[ReminderStatus]] = {
    ReminderStatus.SCHEDULED: frozenset({ReminderStatus.SENT, ReminderStatus.SKIPPED}),
    ReminderStatus.SENT: frozenset(),
    ReminderStatus.SKIPPED: frozenset(),
}
