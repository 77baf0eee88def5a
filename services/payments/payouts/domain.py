"""The steps of a payout, and when the weekly batch is due."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from shared.concurrency.back_off import BackOff

# How long a payout's next call may fail, and a bank may have its money, before staff are asked (business time).
FAILING_AT_MOST = timedelta(days=1)
AT_BANK_AT_MOST = timedelta(days=10)
BACK_OFF = BackOff(0.5, 3600.0)
# The reasons of payouts that a refund, or a hold, has ended: nobody has decided that they are not paid.
REFUNDED, HELD = "refunded", "held"
NOT_DECIDED = (REFUNDED, HELD)


class PayoutStatus(StrEnum):
    """`eligible` reserves the amount and waits for approval; `processing` lasts until the bank has it (rule 17).

    `needs_attention`: it cannot go on by itself, staff decide; what Stripe says of its bank payout still counts.
    """

    ELIGIBLE = "eligible"
    PROCESSING = "processing"
    NEEDS_ATTENTION = "needs_attention"
    PAID = "paid"
    REJECTED = "rejected"
    FAILED = "failed"


UNDER_WAY = frozenset({PayoutStatus.PROCESSING, PayoutStatus.NEEDS_ATTENTION})
TRANSITIONS: dict[PayoutStatus, frozenset[PayoutStatus]] = {
    PayoutStatus.ELIGIBLE: frozenset({PayoutStatus.PROCESSING, PayoutStatus.REJECTED}),
    PayoutStatus.PROCESSING: frozenset({PayoutStatus.PAID, PayoutStatus.FAILED, PayoutStatus.NEEDS_ATTENTION}),
    PayoutStatus.NEEDS_ATTENTION: frozenset({PayoutStatus.PROCESSING, PayoutStatus.PAID}),
    # A bank may send money back days after it had said paid, and the way back from Stripe may be barred.
    PayoutStatus.PAID: frozenset({PayoutStatus.FAILED, PayoutStatus.NEEDS_ATTENTION}),
    PayoutStatus.REJECTED: frozenset(),
    PayoutStatus.FAILED: frozenset(),
}


class PayoutSchedule(StrEnum):
    """Whether a practitioner asks for each payout, or gets what is available every week."""

    MANUAL = "manual"
    WEEKLY = "weekly"


class BankState(StrEnum):
    """What Stripe says of a bank payout."""

    PENDING = "pending"
    IN_TRANSIT = "in_transit"
    PAID = "paid"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def came_back(self) -> bool:
        """The money never reached the bank, or returned from it."""
        return self in (BankState.FAILED, BankState.CANCELED)


class Step(StrEnum):
    """What is to be done next for a payout that was approved."""

    TRANSFER = "transfer"
    BANK_PAYOUT = "bank_payout"
    CHECK_STATUS = "check_status"
    REVERSE = "reverse"


def next_step(*, transferred: bool, sent: bool, came_back: bool, ending: bool = False) -> Step:
    """From what is recorded, so that a crash anywhere resumes at the right step."""
    if came_back or ending:
        return Step.REVERSE
    if not transferred:
        return Step.TRANSFER
    return Step.CHECK_STATUS if sent else Step.BANK_PAYOUT


def last_batch(now: datetime) -> datetime:
    """The latest Monday 06:00 UTC that is not after `now` (aware)."""
    now = now.astimezone(UTC)
    monday = (now - timedelta(days=now.weekday())).replace(hour=6, minute=0, second=0, microsecond=0)
    return monday if monday <= now else monday - timedelta(days=7)
