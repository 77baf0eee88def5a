"""Metrics of notifications."""

from prometheus_client import Counter, Gauge

MAILS = Counter("estuary_notifications_mails", "Attempts to send a mail, by what the mail is afterwards", ["status"])
WAITING_MAILS = Gauge(
    "estuary_notifications_waiting_mails", "Mails that are neither sent nor given up; tried: yes, no", ["lane", "tried"]
)
OLDEST_MAIL = Gauge(
    "estuary_notifications_oldest_mail_seconds", "Age of the oldest of them, 0 where none waits", ["lane", "tried"]
)
REMINDERS = Counter("estuary_notifications_reminded_bookings", "Bookings whose due reminders were settled")
