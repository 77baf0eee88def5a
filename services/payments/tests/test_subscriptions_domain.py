"""When periods end, how long access lasts, and which step is due."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.plans.domain import Interval
from services.payments.subscriptions.domain import (
    Step,
    SubscriptionStatus,
    access_while_renewing,
    boundary,
    grace_end,
    may_try_again,
    next_retry,
    step_of,
)

MONTH, YEAR = Interval.MONTH, Interval.YEAR
START = datetime(2027, 1, 31, 10, 30, 15, 250, tzinfo=UTC)
DAYS = [1, 3, 5, 7]
moments = st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1), max_value=datetime(2090, 1, 1))


def latest_day(year: int, month: int, day: int) -> date:
    """That day of the month, or the last one that there is: found by trying."""
    try:
        return date(year, month, day)
    except ValueError:
        return latest_day(year, month, day - 1)


class TestBoundary:
    @pytest.mark.parametrize("anchor", [date(2027, 1, day) for day in (28, 29, 30, 31)] + [date(2028, 2, 29)])
    def test_rule_mn_2_four_years_of_months_without_drift(self, anchor: date) -> None:
        began = datetime(anchor.year, anchor.month, anchor.day, 23, 59, 59, tzinfo=UTC)
        for number in range(49):
            year, month = anchor.year + (anchor.month + number - 1) // 12, (anchor.month + number - 1) % 12 + 1
            ends = boundary(began, number, MONTH)
            assert ends.date() == latest_day(year, month, anchor.day)
            assert ends.timetz() == began.timetz()

    def test_day_31_returns_after_a_short_month(self) -> None:
        days = [boundary(START, number, MONTH).strftime("%m-%d") for number in range(1, 6)]
        assert days == ["02-28", "03-31", "04-30", "05-31", "06-30"]

    def test_a_leap_day_returns_every_fourth_year(self) -> None:
        anchor = datetime(2028, 2, 29, tzinfo=UTC)
        days = [boundary(anchor, number, YEAR).date().isoformat() for number in range(1, 5)]
        assert days == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]

    @given(moments, st.integers(0, 200), st.sampled_from(Interval))
    def test_every_period_has_time_and_none_is_between_two(
        self, anchor: datetime, number: int, interval: Interval
    ) -> None:
        start, end = boundary(anchor, number, interval), boundary(anchor, number + 1, interval)
        shortest, longest = (28, 31) if interval is MONTH else (365, 366)
        assert timedelta(days=shortest) <= end - start <= timedelta(days=longest)

    @given(moments, st.integers(0, 20))
    def test_a_year_is_twelve_months(self, anchor: datetime, number: int) -> None:
        assert boundary(anchor, number, YEAR) == boundary(anchor, 12 * number, MONTH)


class TestAccess:
    def test_an_hour_longer_where_it_renews_by_itself(self) -> None:
        assert access_while_renewing(START, None) == START + timedelta(hours=1)
        assert access_while_renewing(START, START) == START

    def test_an_unpaid_period_gives_access_to_the_last_retry(self) -> None:
        assert grace_end(START, DAYS) == START + timedelta(days=7)


class TestNextRetry:
    @pytest.mark.parametrize(
        ("late", "days"),
        [
            (timedelta(), 1),
            (timedelta(days=1) - timedelta(microseconds=1), 1),
            (timedelta(days=1), 3),
            (timedelta(days=4), 5),
            (timedelta(days=6, hours=23), 7),
        ],
    )
    def test_rule_mn_7_tries_that_passed_are_one(self, late: timedelta, days: int) -> None:
        assert next_retry(START, DAYS, START + late) == START + timedelta(days=days)

    @pytest.mark.parametrize("late", [timedelta(days=7), timedelta(days=400)])
    def test_after_the_last_one_there_is_none(self, late: timedelta) -> None:
        assert next_retry(START, DAYS, START + late) is None


class TestMayTryAgain:
    @pytest.mark.parametrize(
        ("code", "advice", "again"),
        [
            ("insufficient_funds", None, True),
            ("generic_decline", "try_again_later", True),
            ("generic_decline", "do_not_try_again", False),
            ("lost_card", None, False),
            ("stolen_card", None, False),
            ("revocation_of_authorization", None, False),
            ("authentication_required", None, False),
        ],
    )
    def test_rule_mn_3_what_cannot_heal_is_not_tried_again(self, code: str, advice: str | None, again: bool) -> None:
        assert may_try_again(code, advice) is again


class TestStepOf:
    @pytest.mark.parametrize(
        ("status", "step"),
        [
            (SubscriptionStatus.INCOMPLETE, Step.EXPIRE),
            (SubscriptionStatus.TRIALING, Step.COLLECT),
            (SubscriptionStatus.ACTIVE, Step.COLLECT),
            (SubscriptionStatus.PAST_DUE, Step.COLLECT),
            (SubscriptionStatus.PAUSED, Step.COLLECT),
        ],
    )
    def test_by_state_once_the_moment_has_come(self, status: SubscriptionStatus, step: Step) -> None:
        assert step_of(status, START, None, None, START - timedelta(microseconds=1)) is Step.NONE
        assert step_of(status, START, None, None, START) is step
        assert step_of(status, START, START + timedelta(days=1), None, START) is step
        assert step_of(status, START, START, None, START) is Step.CANCEL

    @pytest.mark.parametrize("status", [SubscriptionStatus.ACTIVE, SubscriptionStatus.TRIALING])
    def test_what_is_to_pause_does_unless_it_ends(self, status: SubscriptionStatus) -> None:
        until = START + timedelta(days=30)
        assert step_of(status, START, None, until, START - timedelta(microseconds=1)) is Step.NONE
        assert step_of(status, START, None, until, START) is Step.PAUSE
        assert step_of(status, START, START, until, START) is Step.CANCEL

    def test_a_pause_that_is_over_is_billed(self) -> None:
        assert step_of(SubscriptionStatus.PAUSED, START, None, START, START) is Step.COLLECT

    def test_what_has_ended_has_none(self) -> None:
        assert step_of(SubscriptionStatus.ENDED, None, START, None, START) is Step.NONE
