"""The life of a fee (BK-13): agreed with the booking, due for a no-show or a late cancellation, charged a day later."""

from datetime import timedelta
from enum import StrEnum


class FeeStatus(StrEnum):
    """Where a fee stands. `charging`: payments may have been asked already."""

    AGREED = "agreed"
    DUE = "due"
    CHARGING = "charging"
    PAID = "paid"
    FAILED = "failed"
    WAIVED = "waived"


class FeeCause(StrEnum):
    """What a fee is due for."""

    NO_SHOW = "no_show"
    LATE_CANCEL = "late_cancel"


WAIT = timedelta(hours=24)
"""For so long a fee that is due can be waived before it is charged."""

# due -> agreed: its client came after all.
TRANSITIONS: dict[FeeStatus, frozenset[FeeStatus]] = {
    FeeStatus.AGREED: frozenset({FeeStatus.DUE}),
    FeeStatus.DUE: frozenset({FeeStatus.AGREED, FeeStatus.CHARGING, FeeStatus.WAIVED}),
    FeeStatus.CHARGING: frozenset({FeeStatus.PAID, FeeStatus.FAILED}),
    FeeStatus.FAILED: frozenset({FeeStatus.WAIVED}),
    FeeStatus.PAID: frozenset(),
    FeeStatus.WAIVED: frozenset(),
}
