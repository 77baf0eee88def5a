"""What is left of a course, and what it costs now."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from shared.records.currencies import step
from shared.records.money import Money, split


class Remainder(NamedTuple):
    """How many dates are left to buy, and what they cost together; None where there are none."""

    sessions: int
    price: Money | None


def remainder(price: Money, starts: Sequence[datetime], notice: timedelta, now: datetime) -> Remainder:
    """Of a course with these dates, in their order, past ones too: each is worth its share of the price.

    Largest remainder, odd units to the first.
    """
    if not starts:
        return Remainder(0, None)
    values = split(price.amount, [1] * len(starts), step(price.currency))
    left = [value for start, value in zip(starts, values, strict=True) if start > now and start >= now + notice]
    return Remainder(len(left), Money(sum(left), price.currency) if left else None)
