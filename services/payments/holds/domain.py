"""What can hold money back."""

from enum import StrEnum


class HoldCause(StrEnum):
    """Why something must not be paid out; it is held while any cause stands."""

    DISPUTE = "dispute"
    CHARGEBACK = "chargeback"
    WARNING = "warning"
    STAFF = "staff"
    SUSPENSION = "suspension"
    MODERATION = "moderation"
