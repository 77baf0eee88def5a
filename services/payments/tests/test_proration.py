"""What a change of plan costs, against an independent computation in exact fractions."""

from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from random import Random

import pytest

from services.payments.plans.domain import Interval
from services.payments.subscriptions.domain import boundary
from services.payments.subscriptions.proration import (
    AT_PERIOD_END,
    Cost,
    Effective,
    Proration,
    Span,
    is_fresh,
    prorate,
)
from shared.records.currencies import minimum_charge, step

MONTH, YEAR = Interval.MONTH, Interval.YEAR
JANUARY = Span(datetime(2027, 1, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC))
NOW = datetime(2027, 1, 16, 12, tzinfo=UTC)  # half of it is left


def money_of(price: int, fraction: Fraction, unit: int) -> int:
    """By decimal rounding of the exact quotient in units of the currency's step, as a person would on paper."""
    exact = fraction * price / unit
    whole, rest = divmod(exact.numerator, exact.denominator)
    tenths = Decimal(10 * rest // exact.denominator) / 10
    return unit * (whole + int(tenths.quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def independent(old: Cost, new: Cost, paid: int, period: Span, at: datetime, currency: str) -> Proration:
    """The contract, sentence by sentence, with seconds as fractions."""
    seconds, unit = timedelta(seconds=1), step(currency)
    gone = Fraction((at - period.start) // timedelta(microseconds=1), 10**6)
    share = 1 - gone / Fraction((period.end - period.start) // seconds)
    match old.interval.value, new.interval.value:
        case "year", "month":
            return AT_PERIOD_END
        case "month", "year":
            charge = new.amount
        case _ if new.amount < old.amount:
            return AT_PERIOD_END
        case _:
            charge = money_of(new.amount, share, unit)
    credit = money_of(paid, share, unit)
    if charge - credit < 0:
        return AT_PERIOD_END
    due = 0 if charge - credit < minimum_charge(currency) else charge - credit
    return Proration(Effective.NOW, charge, credit, due)


def later(anchor: datetime, months: int) -> datetime:
    """So many months on the calendar later, on the last day that there is: found by trying."""
    year, month = divmod(12 * anchor.year + anchor.month - 1 + months, 12)
    for day in range(anchor.day, 0, -1):
        try:
            return anchor.replace(year=year, month=month + 1, day=day)
        except ValueError:
            continue
    raise AssertionError("a month has days")


def random_period(random: Random, interval: Interval) -> Span:
    """One of a subscription that began at any moment of forty years, often on the last day of a month."""
    anchor = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(microseconds=random.randrange(40 * 366 * 86_400 * 10**6))
    if random.random() < 0.3:
        anchor = later(anchor.replace(month=1, day=31), random.randrange(12))
    number, months = random.randrange(30), 1 if interval is MONTH else 12
    start, end = later(anchor, number * months), later(anchor, (number + 1) * months)
    assert (start, end) == (boundary(anchor, number, interval), boundary(anchor, number + 1, interval))
    return Span(start, end)


class TestAgainstExactFractions:
    @pytest.mark.parametrize(
        ("seed", "currency"), [(1, "USD"), (2, "USD"), (3, "EUR"), (4, "JPY"), (5, "KWD"), (6, "ISK")]
    )
    def test_rule_13_ten_thousand_random_changes_equal_to_the_unit(self, seed: int, currency: str) -> None:
        random, unit, effects = Random(seed), step(currency), set[tuple[Effective, bool]]()
        for _ in range(2_000):
            old, new = (
                Cost(random.choice([MONTH, YEAR]), unit * random.choice([0, 29, 79, 290, 2900, 7900, 99_999]))
                if random.random() < 0.5
                else Cost(random.choice([MONTH, YEAR]), unit * random.randrange(100_000))
                for _ in range(2)
            )
            period = random_period(random, old.interval)
            whole = (period.end - period.start) // timedelta(seconds=1)
            at = period.start + timedelta(seconds=random.choice([0, whole, random.randrange(whole)]))
            if random.random() < 0.3:
                at = min(at + timedelta(microseconds=random.randrange(10**6)), period.end)
            paid = old.amount if random.random() < 0.8 else unit * random.randrange(old.amount // unit + 1)
            found = prorate(old, new, paid, period, at, currency)
            assert found == independent(old, new, paid, period, at, currency)
            effects.add((found.effective, found.due > 0))
        assert effects == {(Effective.NOW, True), (Effective.NOW, False), (Effective.PERIOD_END, False)}


class TestProrate:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (Cost(MONTH, 2900), Cost(MONTH, 7900), Proration(Effective.NOW, 3950, 1450, 2500)),
            (Cost(MONTH, 2900), Cost(MONTH, 2900), Proration(Effective.NOW, 1450, 1450, 0)),
            (Cost(MONTH, 7900), Cost(MONTH, 2900), AT_PERIOD_END),
            (Cost(MONTH, 2900), Cost(YEAR, 79_000), Proration(Effective.NOW, 79_000, 1450, 77_550)),
            (Cost(MONTH, 7900), Cost(YEAR, 3000), AT_PERIOD_END),
            (Cost(MONTH, 2900), Cost(MONTH, 2998), Proration(Effective.NOW, 1499, 1450, 0)),
            (Cost(MONTH, 2900), Cost(MONTH, 3000), Proration(Effective.NOW, 1500, 1450, 50)),
            (Cost(YEAR, 79_000), Cost(MONTH, 99_000), AT_PERIOD_END),
        ],
        ids=["dearer", "equal", "cheaper", "month-year", "below-zero", "below-minimum", "minimum", "year-month"],
    )
    def test_half_a_month_is_left(self, old: Cost, new: Cost, expected: Proration) -> None:
        assert prorate(old, new, old.amount, JANUARY, NOW, "USD") == expected

    def test_what_was_not_paid_is_not_credited(self) -> None:
        found = prorate(Cost(MONTH, 2900), Cost(MONTH, 7900), 1900, JANUARY, NOW, "USD")
        assert (found.credit, found.due) == (950, 3000)

    def test_half_a_unit_is_a_unit(self) -> None:
        found = prorate(Cost(MONTH, 1), Cost(MONTH, 101), 1, JANUARY, NOW, "USD")
        assert (found.charge, found.credit, found.due) == (51, 1, 50)

    @pytest.mark.parametrize("seed", range(5))
    def test_rule_mn_5_any_ladder_of_upgrades_costs_what_its_parts_of_the_period_do(self, seed: int) -> None:
        random = Random(seed)
        for _ in range(200):
            prices = sorted(random.randrange(1000, 90_000) for _ in range(4))
            moments = sorted(JANUARY.start + timedelta(seconds=random.randrange(31 * 86_400)) for _ in range(3))
            whole, paid = Fraction(31 * 86_400), Fraction(prices[0])
            for old, new, at in zip(prices, prices[1:], moments, strict=False):
                paid += prorate(Cost(MONTH, old), Cost(MONTH, new), old, JANUARY, at, "USD").due
            ends = [JANUARY.start, *moments, JANUARY.end]
            worth = sum(
                price * Fraction((end - start) // timedelta(seconds=1)) / whole
                for price, start, end in zip(prices, ends, ends[1:], strict=False)
            )
            free = 3 * (minimum_charge("USD") - 1)  # what is below the minimum charge is given
            assert worth - free - 3 <= paid <= worth + 3


class TestMoment:
    @pytest.mark.parametrize("late", [0, 1, 999_999, 1_000_000, 1_234_567])
    def test_it_leaves_whole_seconds_and_is_not_ahead(self, late: int) -> None:
        start = datetime(2027, 1, 31, 10, 30, 15, 250, tzinfo=UTC)
        period, now = Span(start, boundary(start, 1, MONTH)), start + timedelta(microseconds=late)
        at = period.moment(now)
        assert (period.end - at) % timedelta(seconds=1) == timedelta()
        assert start <= at <= now < at + timedelta(seconds=1)


class TestIsFresh:
    @pytest.mark.parametrize(
        ("seconds", "fresh"), [(0, True), (-600, True), (-600.000001, False), (0.000001, False), (-3600, False)]
    )
    def test_for_ten_minutes(self, seconds: float, fresh: bool) -> None:
        assert is_fresh(NOW + timedelta(seconds=seconds), JANUARY.start, NOW) is fresh

    def test_not_of_before_other_terms(self) -> None:
        since = NOW - timedelta(minutes=5)
        assert is_fresh(since, since, NOW)
        assert not is_fresh(since - timedelta(seconds=1), since, NOW)
