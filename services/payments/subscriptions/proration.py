"""What another plan costs now: whole minor units, by the seconds that are left of the period (rule 13)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from services.payments.plans.domain import Interval
from shared.records.currencies import minimum_charge, step

SECOND, TICK = timedelta(seconds=1), timedelta(microseconds=1)
PREVIEW_VALID = timedelta(minutes=10)
"""How long the figures of a preview can be had."""


class Effective(StrEnum):
    """When another plan is in force."""

    NOW = "now"
    PERIOD_END = "period_end"


class Cost(NamedTuple):
    """So many minor units for each interval."""

    interval: Interval
    amount: int


class Span(NamedTuple):
    """The period that is paid."""

    start: datetime
    end: datetime

    def moment(self, now: datetime) -> datetime:
        """The last moment up to now with a whole number of seconds to the end."""
        return self.end + (now - self.end) // SECOND * SECOND


@dataclass(frozen=True, slots=True)
class Proration:
    """What is charged for the new plan, credited for the old one, and due; nothing where it waits or is free."""

    effective: Effective
    charge: int = 0
    credit: int = 0
    due: int = 0


@dataclass(frozen=True, slots=True)
class Quote:
    """What a change costs by the figures of `prorate_at`, and when the plan is in force (`at`)."""

    proration: Proration
    currency: str
    at: datetime
    prorate_at: datetime


FREE, AT_PERIOD_END = Proration(Effective.NOW), Proration(Effective.PERIOD_END)


def prorate(old: Cost, new: Cost, paid: int, period: Span, at: datetime, currency: str) -> Proration:
    """The change at that moment of the period. `paid` is what was really paid of the old price, for a whole period.

    A year that follows a month begins at once and is charged whole. What is due and too little for a card is free.
    """
    same = old.interval is new.interval
    if (same and new.amount < old.amount) or (old.interval, new.interval) == (Interval.YEAR, Interval.MONTH):
        return AT_PERIOD_END
    charge = share(new.amount, period, at, currency) if same else new.amount
    credit = share(paid, period, at, currency)
    if charge < credit:
        return AT_PERIOD_END
    due = charge - credit
    return Proration(Effective.NOW, charge, credit, due if due >= minimum_charge(currency) else 0)


def share(price: int, period: Span, at: datetime, currency: str) -> int:
    """Of the price for what is left of the period, half a step of the currency upwards; nothing once it is over."""
    unit, whole = step(currency), (period.end - period.start) // TICK
    left = max(period.end - at, timedelta(0)) // TICK
    return unit * ((2 * price * left + unit * whole) // (2 * unit * whole))


def is_fresh(prorate_at: datetime, since: datetime, now: datetime) -> bool:
    """Whether the figures of that moment can still be had: not those of before `since`, when other terms began."""
    return max(since, now - PREVIEW_VALID) <= prorate_at <= now
