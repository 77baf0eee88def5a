"""The rules of sending mails: which go first, how often one is tried, and what it can become."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from services.notifications.preferences.domain import Topic
from shared.concurrency.back_off import BackOff


class Lane(StrEnum):
    """Which mails go first: those that a person waits for, then what goes to many. In alphabetical order."""

    AWAITED = "awaited"
    BULK = "bulk"


BULK_TOPICS = frozenset({Topic.POSTS, Topic.COMMENTS, Topic.MESSAGES})


def lane_of(topic: Topic) -> Lane:
    """The lane of mails about that topic."""
    return Lane.BULK if topic in BULK_TOPICS else Lane.AWAITED


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


MAIL_ATTEMPTS = 20
"""About ten hours: a server that defers or limits a sender may do so for hours."""
BATCH, FRESH_SECONDS = 10, 2.0
BACK_OFF = BackOff(5.0, 3600.0)


def batch_size(seconds_a_mail: float) -> int:
    """How many mails are claimed at once, so that each is sent about two seconds after its booking was read."""
    return max(1, min(BATCH, int(FRESH_SECONDS / max(seconds_a_mail, 0.001))))


def outcome(tries: int, permanent: bool) -> MailStatus:
    """The state of a mail whose try number `tries` failed."""
    return MailStatus.FAILED if permanent or tries >= MAIL_ATTEMPTS else MailStatus.PENDING


MAIL_TRANSITIONS: dict[MailStatus, frozenset[MailStatus]] = {
    MailStatus.PENDING: frozenset({MailStatus.SENT, MailStatus.FAILED, MailStatus.DROPPED}),
    MailStatus.FAILED: frozenset({MailStatus.PENDING}),
    MailStatus.SENT: frozenset(),
    # Dropped while it was on its way: it was sent all the same, and the row says so.
    MailStatus.DROPPED: frozenset({MailStatus.SENT}),
}
