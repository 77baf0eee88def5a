"""The rules of saved cards: what a setup's state means, and until when a card is valid."""

from datetime import datetime, timedelta
from enum import StrEnum

# A setup that its owner has not gone on with for so long is ended at Stripe.
SETUP_LIFE = timedelta(hours=24)
# So many of one user's may still save a card, those whose card was refused too: each is looked at for a day.
MOST_OPEN = 100


class SetupStatus(StrEnum):
    """`failed`: the card was refused, or the setup was ended; with the client secret another card may be tried."""

    REQUIRES_PAYMENT_METHOD = "requires_payment_method"
    REQUIRES_ACTION = "requires_action"
    SUCCEEDED = "succeeded"
    FAILED = "failed"


class CardStatus(StrEnum):
    """Whether the card's month has passed."""

    VALID = "valid"
    EXPIRED = "expired"


def status_of_setup(stripe_status: str, *, refused: bool) -> SetupStatus:
    """What to tell of a setup that is in that state at Stripe; `refused`: its last card was."""
    if refused and stripe_status == SetupStatus.REQUIRES_PAYMENT_METHOD:
        return SetupStatus.FAILED
    return STATUSES[stripe_status]


def status_of_card(exp_year: int, exp_month: int, now: datetime) -> CardStatus:
    """A card is valid until the end of its month, in UTC."""
    return CardStatus.EXPIRED if (now.year, now.month) > (exp_year, exp_month) else CardStatus.VALID


STATUSES = {
    "requires_payment_method": SetupStatus.REQUIRES_PAYMENT_METHOD,
    "requires_confirmation": SetupStatus.REQUIRES_PAYMENT_METHOD,
    "requires_action": SetupStatus.REQUIRES_ACTION,
    "processing": SetupStatus.REQUIRES_ACTION,
    "succeeded": SetupStatus.SUCCEEDED,
    "canceled": SetupStatus.FAILED,
}

_OPEN = frozenset({SetupStatus.REQUIRES_PAYMENT_METHOD, SetupStatus.REQUIRES_ACTION, SetupStatus.FAILED})
TRANSITIONS: dict[SetupStatus, frozenset[SetupStatus]] = {
    **{status: (_OPEN - {status}) | {SetupStatus.SUCCEEDED} for status in _OPEN},
    SetupStatus.SUCCEEDED: frozenset(),
}
