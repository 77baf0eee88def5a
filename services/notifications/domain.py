"""The rules of delivery: which topics there are, when a reminder is due, and when it is still of use (rule 19)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise


class Topic(StrEnum):
    """What a person can switch on and off, each for mail and for the in-app list."""

    BOOKINGS = "bookings"
    REMINDERS = "reminders"
    PAYMENTS = "payments"
    ACCOUNT = "account"
    POSTS = "posts"
    COMMENTS = "comments"
    MESSAGES = "messages"


class Lane(StrEnum):
    """Which mails go first: those that a person waits for, then what goes to many. In alphabetical order."""

    AWAITED = "awaited"
    BULK = "bulk"


BULK_TOPICS = frozenset({Topic.POSTS, Topic.COMMENTS, Topic.MESSAGES})


def lane_of(topic: Topic) -> Lane:
    """The lane of mails about that topic."""
    return Lane.BULK if topic in BULK_TOPICS else Lane.AWAITED


class ReminderKind(StrEnum):
    DAY = "24h"
    HALF_HOUR = "30m"


class ReminderStatus(StrEnum):
    SCHEDULED = "scheduled"
    SENT = "sent"
    SKIPPED = "skipped"


class MailStatus(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Backlog:
    """How many mails of a lane are not sent yet, tried or not, and since when the oldest waits (machine time)."""

    lane: Lane
    tried: bool
    count: int
    since: datetime


class Decision(StrEnum):
    WAIT = "wait"
    SEND = "send"
    SKIP = "skip"


LEAD = {ReminderKind.DAY: timedelta(hours=24), ReminderKind.HALF_HOUR: timedelta(minutes=30)}
"""How long before the start each reminder is due, the earliest first."""

NEXT_KIND = dict(pairwise(LEAD))

UNREAD_FOR = timedelta(minutes=5)
"""How long somebody's first unread message in a conversation waits before a mail tells of it."""

MAIL_ATTEMPTS = 20
"""About ten hours: a server that defers or limits a sender may do so for hours."""
MAIL_BACK_OFF_CAP = timedelta(hours=1)


@dataclass(frozen=True)
class ReminderContext:
    """A reminder beside the present state of its booking: all that decides whether it goes out."""

    kind: ReminderKind
    version: int
    booking_status: str
    booking_version: int
    start_time: datetime


def practitioners_side(seats: int) -> str:
    """Which reminder a practitioner gets: one that names the client, or one that counts the clients of a session."""
    return "practitioner" if seats <= 1 else "session"


def due_at(kind: ReminderKind, start_time: datetime) -> datetime:
    return start_time - LEAD[kind]


def useful_until(kind: ReminderKind, start_time: datetime) -> datetime:
    """A reminder is of use until the next one of the same start says it better, the last until the start."""
    following = NEXT_KIND.get(kind)
    return start_time if following is None else due_at(following, start_time)


def first_status(kind: ReminderKind, start_time: datetime, made_at: datetime) -> ReminderStatus:
    """`made_at` is when this start was agreed: the booking's creation, or its latest move."""
    return ReminderStatus.SKIPPED if due_at(kind, start_time) < made_at else ReminderStatus.SCHEDULED


def decide(reminding: ReminderContext, now: datetime) -> Decision:
    """What to do with a scheduled reminder at business time `now`, from the booking's current start."""
    current = reminding.booking_status == "confirmed" and reminding.version == reminding.booking_version
    if not current or now >= useful_until(reminding.kind, reminding.start_time):
        return Decision.SKIP
    return Decision.SEND if now >= due_at(reminding.kind, reminding.start_time) else Decision.WAIT


@dataclass(frozen=True)
class Standing:
    """How the booking stands of which a mail tells."""

    status: str
    start_time: datetime


GONE = frozenset({"cancelled", "expired"})


def is_true(template: str, start: datetime, booking: Standing) -> bool:
    """Whether a text that was written for that start can still be sent, as the booking stands now.

    A confirmation is sent with the present start; other texts are about the one they were written for.
    """
    match template.partition("/")[0]:
        case "booking.confirmed":
            return booking.status not in GONE
        case "booking.rescheduled":
            return booking.status not in GONE and booking.start_time == start
        case "booking.reminder":
            return booking.status == "confirmed" and booking.start_time == start
        case "booking.expired" | "booking.refunded":
            return booking.status == "expired"
    return True


def back_off(attempts: int) -> timedelta:
    """How long a mail that failed `attempts` times waits: 5 s, 10 s, 20 s ... at most an hour."""
    return min(timedelta(seconds=5 * 2.0 ** (attempts - 1)), MAIL_BACK_OFF_CAP)


def outcome(attempts: int, permanent: bool) -> MailStatus:
    """The state of a mail whose attempt number `attempts` failed."""
    return MailStatus.FAILED if permanent or attempts >= MAIL_ATTEMPTS else MailStatus.PENDING


REMINDER_TRANSITIONS: dict[ReminderStatus, frozenset[ReminderStatus]] = {
    ReminderStatus.SCHEDULED: frozenset({ReminderStatus.SENT, ReminderStatus.SKIPPED}),
    ReminderStatus.SENT: frozenset(),
    ReminderStatus.SKIPPED: frozenset(),
}

MAIL_TRANSITIONS: dict[MailStatus, frozenset[MailStatus]] = {
    MailStatus.PENDING: frozenset({MailStatus.SENT, MailStatus.FAILED, MailStatus.DROPPED}),
    MailStatus.FAILED: frozenset({MailStatus.PENDING}),
    MailStatus.SENT: frozenset(),
    # Dropped while it was on its way: it was sent all the same, and the row says so.
    MailStatus.DROPPED: frozenset({MailStatus.SENT}),
}
