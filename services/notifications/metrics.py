"""Metrics of notifications."""

from collections.abc import Sequence
from datetime import datetime

from prometheus_client import Counter, Gauge

from services.notifications.domain import Backlog, Lane

MAILS = Counter("estuary_notifications_mails", "Attempts to send a mail, by what the mail is afterwards", ["status"])
REMINDERS = Counter("estuary_notifications_reminded_bookings", "Bookings whose due reminders were settled")
WAITING = Gauge(
    "estuary_notifications_waiting_mails", "Mails that are neither sent nor given up; tried: yes, no", ["lane", "tried"]
)
OLDEST = Gauge(
    "estuary_notifications_oldest_mail_seconds", "Age of the oldest of them, 0 where none waits", ["lane", "tried"]
)


def report_backlog(backlog: Sequence[Backlog], now: datetime) -> None:
    """Sets the gauges of both lanes; `now` is machine time."""
    found = {(part.lane, part.tried): part for part in backlog}
    for lane in Lane:
        for tried in (False, True):
            part, labels = found.get((lane, tried)), (lane.value, "yes" if tried else "no")
            WAITING.labels(*labels).set(part.count if part else 0)
            OLDEST.labels(*labels).set(max((now - part.since).total_seconds(), 0.0) if part else 0.0)
