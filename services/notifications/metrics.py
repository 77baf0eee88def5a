"""Metrics of notifications."""

from prometheus_client import Counter

MAILS = Counter("estuary_notifications_mails", "Attempts to send a mail, by what the mail is afterwards", ["status"])
REMINDERS = Counter("estuary_notifications_reminded_bookings", "Bookings whose due reminders were settled")
