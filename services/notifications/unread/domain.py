"""When unread messages are mailed."""

from datetime import timedelta

UNREAD_FOR = timedelta(minutes=5)
"""How long a person's first unread message in a conversation waits before a mail is sent about it."""
