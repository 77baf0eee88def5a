"""When a call may be sent again under its key, and what a call is for."""

from datetime import datetime, timedelta
from enum import StrEnum

# Stripe forgets keys after 24 hours.
KEY_LIFE = timedelta(hours=23)
# Longer than a request with all its repeats by the SDK can last.
LONGEST_REQUEST = timedelta(seconds=60)


class Purpose(StrEnum):
    """What moves: money to a card, to a connected account, back from it in whole or in part, or from it to its bank."""

    REFUND = "refund"
    TRANSFER = "transfer"
    REVERSAL = "reversal"
    REDUCTION = "reduction"
    BANK_PAYOUT = "bank_payout"


class Outcome(StrEnum):
    """`unknown` until Stripe has answered, or a look at its lists has shown what happened."""

    UNKNOWN = "unknown"
    DONE = "done"
    REFUSED = "refused"


def may_repeat(first_sent_at: datetime, key_spent: bool, now: datetime) -> bool:
    """Whether the same key still means the same request to Stripe; `now` is machine time."""
    return not key_spent and now - first_sent_at < KEY_LIFE
