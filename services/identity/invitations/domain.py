"""Rules of invitations. Times are machine time."""

from datetime import timedelta
from enum import StrEnum

LIFE = timedelta(hours=72)
KEPT = timedelta(days=30)
"""How long one is kept after its end."""


class InvitationStatus(StrEnum):
    """What became of it."""

    PENDING = "pending"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
