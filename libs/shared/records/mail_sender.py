"""Who sends all mails: `NOTIFICATIONS_MAIL_FROM`, which notifications sends as and booking's calendar files name."""

from email.utils import parseaddr

SETTING = "NOTIFICATIONS_MAIL_FROM"
DEFAULT_SENDER = "Estuary <no-reply@estuary.example>"


def domain_of(sender: str) -> str:
    """The domain of the From line."""
    return parseaddr(sender)[1].rpartition("@")[2] or "localhost"
