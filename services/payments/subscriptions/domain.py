"""The rules of subscriptions: when their periods end, how long they give access, and when an unpaid bill is tried."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from services.payments.plans.domain import Interval

RENEWAL_GRACE = timedelta(hours=1)
"""How long access goes on after a period whose renewal is charged by itself."""
TIME_TO_PAY = timedelta(hours=24)
"""How long the first bill waits."""
MAX_PAUSE = timedelta(days=180)
MONTHS = {Interval.MONTH: 1, Interval.YEAR: 12}


class SubscriptionStatus(StrEnum):
    """`incomplete`: the first bill, or the first one after a pause, is not paid yet. `past_due`: the bill of a period
    that has begun is not paid. `paused`: no period runs, and none is billed."""

    INCOMPLETE = "incomplete"
    TRIALING = "trialing"
    ACTIVE = "active"
    PAST_DUE = "past_due"
    PAUSED = "paused"
    ENDED = "ended"


class EndReason(StrEnum):
    """Why a subscription has ended. `unpaid`: its first bill, or the first one after a pause;
    `payment_failed`: another one; `chargeback`: the client's bank took the payment of a bill back."""

    CANCELLED = "cancelled"
    UNPAID = "unpaid"
    PAYMENT_FAILED = "payment_failed"
    CHARGEBACK = "chargeback"


class PeriodStatus(StrEnum):
    """`closed`: the bill was given up, nothing is owed."""

    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"


class ChangeStatus(StrEnum):
    """`applied`: its plan is, or was, in force. `dropped`: replaced, undone, or not paid in time."""

    PENDING = "pending"
    APPLIED = "applied"
    DROPPED = "dropped"


def boundary(anchor: datetime, number: int, interval: Interval) -> datetime:
    """Where period `number` ends and the next one begins: counted from the anchor, so that a short month moves nothing.

    Period 1 begins at `boundary(anchor, 0, interval)`, the anchor.
    """
    months = anchor.month - 1 + number * MONTHS[interval]
    year, month = anchor.year + months // 12, months % 12 + 1
    return anchor.replace(year=year, month=month, day=min(anchor.day, monthrange(year, month)[1]))


def recounted(anchor: datetime, before_anchor: int, number: int, old: Interval, new: Interval) -> tuple[datetime, int]:
    """From where periods of the new interval are counted, and how many came before, so that the next one begins where
    period `number` ends: from the same anchor, whose day returns after a short month, or from that end."""
    months = (number - before_anchor) * MONTHS[old]
    counted, rest = divmod(months, MONTHS[new])
    return (boundary(anchor, months, Interval.MONTH), number) if rest else (anchor, number - counted)


def access_while_renewing(end: datetime, stop: datetime | None) -> datetime:
    """Until when a paid period or a trial gives access: an hour longer where it renews by itself, since neither a
    cancellation nor a pause stops that."""
    return end if stop is not None else end + RENEWAL_GRACE


def next_retry(start: datetime, days: Sequence[int], now: datetime) -> datetime | None:
    """When the bill of the period that began at `start` is tried next; None once the last try is over.

    Tries that passed while nobody looked are one.
    """
    moments = (start + timedelta(days=day) for day in days)
    return next((moment for moment in moments if moment > now), None)


def grace_end(start: datetime, days: Sequence[int]) -> datetime:
    """Until when the period that began at `start` gives access although it is not paid."""
    return start + timedelta(days=days[-1])


BEFORE_FIRST_CHARGE, BEFORE_ANOTHER_YEAR = timedelta(days=3), timedelta(days=7)
"""How long before a charge its user is reminded: of the first one after a trial, and of those for another year."""


class CancelAt(StrEnum):
    """When a subscription that is cancelled ends."""

    PERIOD_END = "period_end"
    NOW = "now"


class RefundOf(StrEnum):
    """What staff return of the bills of the current period: the share of the time that is left, or all of it."""

    NONE = "none"
    UNUSED = "unused"
    ALL = "all"


class Step(StrEnum):
    """What the job does with a subscription: collect the bill of its next period, also of the first one after a pause;
    pause it; or end it for one of two reasons."""

    NONE = "none"
    COLLECT = "collect"
    PAUSE = "pause"
    CANCEL = "cancel"
    EXPIRE = "expire"


def step_of(
    status: SubscriptionStatus,
    next_at: datetime | None,
    cancel_at: datetime | None,
    paused_until: datetime | None,
    now: datetime,
) -> Step:
    """The one step that is due now; however long nobody looked, it is followed by the next one."""
    if next_at is None or next_at > now:
        return Step.NONE
    if cancel_at is not None and cancel_at <= now:
        return Step.CANCEL
    if status is SubscriptionStatus.INCOMPLETE:
        return Step.EXPIRE
    pauses = paused_until is not None and status is not SubscriptionStatus.PAUSED
    return Step.PAUSE if pauses else Step.COLLECT


AUTHENTICATION_REQUIRED = "authentication_required"
UNHEALABLE = frozenset(
    {
        *("lost_card", "stolen_card", "pickup_card", "revocation_of_authorization"),
        *("revocation_of_all_authorizations", "stop_payment_order", AUTHENTICATION_REQUIRED),
    }
)
"""Declines after which the same card is not tried again without its owner."""
DO_NOT_TRY_AGAIN = "do_not_try_again"


def may_try_again(code: str, advice: str | None) -> bool:
    """Whether that card may be charged once more by itself, by the decline's code and the bank's advice."""
    return code not in UNHEALABLE and advice != DO_NOT_TRY_AGAIN


S = SubscriptionStatus
TRANSITIONS: dict[SubscriptionStatus, frozenset[SubscriptionStatus]] = {
    S.INCOMPLETE: frozenset({S.ACTIVE, S.ENDED}),
    S.TRIALING: frozenset({S.ACTIVE, S.PAST_DUE, S.PAUSED, S.ENDED}),
    S.ACTIVE: frozenset({S.ACTIVE, S.PAST_DUE, S.PAUSED, S.ENDED}),
    S.PAST_DUE: frozenset({S.ACTIVE, S.ENDED}),
    S.PAUSED: frozenset({S.ACTIVE, S.INCOMPLETE, S.ENDED}),
    S.ENDED: frozenset(),
}
PERIOD_TRANSITIONS: dict[PeriodStatus, frozenset[PeriodStatus]] = {
    PeriodStatus.OPEN: frozenset({PeriodStatus.PAID, PeriodStatus.CLOSED}),
    PeriodStatus.PAID: frozenset(),
    PeriodStatus.CLOSED: frozenset(),
}
CHANGE_TRANSITIONS: dict[ChangeStatus, frozenset[ChangeStatus]] = {
    ChangeStatus.PENDING: frozenset({ChangeStatus.APPLIED, ChangeStatus.DROPPED}),
    ChangeStatus.APPLIED: frozenset(),
    ChangeStatus.DROPPED: frozenset(),
}
