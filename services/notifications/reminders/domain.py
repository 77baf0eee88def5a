"""When a reminder is due, and when it is still of use (docs/domain-rules.md, rule 19).

A reminder's `minutes` say how long before the start it is due; those of a booking are the ones that its service had.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class ReminderStatus(StrEnum):
    SCHEDULED = "scheduled"
    SENT = "sent"
    SKIPPED = "skipped"


class Decision(StrEnum):
    WAIT = "wait"
    SEND = "send"
    SKIP = "skip"


@dataclass(frozen=True)
class ReminderContext:
    """A reminder beside the present state of its booking: all that decides whether it goes out."""

    minutes: int
    all_minutes: Collection[int]
    version: int
    booking_status: str
    booking_version: int
    start_time: datetime


def kind_of(minutes: int) -> str:
    """`24h`, `30m`: how a reminder so long before the start is named."""
    hours, rest = divmod(minutes, 60)
    return f"{minutes}m" if rest else f"{hours}h"


def minutes_of(kind: str) -> int:
    """How long before the start a reminder of that kind is due."""
    return int(kind[:-1]) * {"h": 60, "m": 1}[kind[-1]]


def due_at(minutes: int, start_time: datetime) -> datetime:
    return start_time - timedelta(minutes=minutes)


def useful_until(minutes: int, all_minutes: Collection[int], start_time: datetime) -> datetime:
    """A reminder is of use until the next one of the same start is due, the last one until the start."""
    return due_at(max((later for later in all_minutes if later < minutes), default=0), start_time)


def first_status(minutes: int, start_time: datetime, made_at: datetime) -> ReminderStatus:
    """`made_at` is when this start was agreed: the booking's creation, or its latest move."""
    return ReminderStatus.SKIPPED if due_at(minutes, start_time) < made_at else ReminderStatus.SCHEDULED


def decide(context: ReminderContext, now: datetime) -> Decision:
    """What to do with a scheduled reminder at business time `now`, from the booking's current start."""
    current = context.booking_status == "confirmed" and context.version == context.booking_version
    if not current or now >= useful_until(context.minutes, context.all_minutes, context.start_time):
        return Decision.SKIP
    return Decision.SEND if now >= due_at(context.minutes, context.start_time) else Decision.WAIT


REMINDER_TRANSITIONS: dict[ReminderStatus, frozenset[ReminderStatus]] = {
    ReminderStatus.SCHEDULED: frozenset({ReminderStatus.SENT, ReminderStatus.SKIPPED}),
    ReminderStatus.SENT: frozenset(),
    ReminderStatus.SKIPPED: frozenset(),
}
