"""The weekly batch and the steps of a payout."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.payouts.domain import BACK_OFF, TRANSITIONS, PayoutStatus, Step, last_batch, next_step

MONDAY = datetime(2026, 11, 30, 6, 0, tzinfo=UTC)


class TestLastBatch:
    @pytest.mark.parametrize(
        ("now", "batch"),
        [
            (MONDAY, MONDAY),
            (MONDAY - timedelta(microseconds=1), MONDAY - timedelta(days=7)),
            (MONDAY + timedelta(days=6, hours=23), MONDAY),
        ],
    )
    def test_monday_at_six_is_the_border(self, now: datetime, batch: datetime) -> None:
        assert last_batch(now) == batch

    @given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1), max_value=datetime(2100, 1, 1)))
    def test_it_is_always_the_latest_monday_at_six(self, now: datetime) -> None:
        batch = last_batch(now)
        assert timedelta() <= now - batch < timedelta(days=7)
        assert (batch.weekday(), batch.hour, batch.minute, batch.second) == (0, 6, 0, 0)


class TestSteps:
    @pytest.mark.parametrize(
        ("transferred", "sent", "came_back", "step"),
        [
            (False, False, False, Step.TRANSFER),
            (True, False, False, Step.BANK_PAYOUT),
            (True, True, False, Step.CHECK_STATUS),
            (True, True, True, Step.REVERSE),
            (True, False, True, Step.REVERSE),
        ],
    )
    def test_rule_17_what_is_recorded_says_what_is_next(
        self, transferred: bool, sent: bool, came_back: bool, step: Step
    ) -> None:
        assert next_step(transferred=transferred, sent=sent, came_back=came_back) is step

    def test_waiting_grows_to_an_hour(self) -> None:
        assert BACK_OFF.longest(1) == 0.5
        assert BACK_OFF.longest(99) == 3600

    @pytest.mark.parametrize("status", list(PayoutStatus))
    def test_every_status_has_its_transitions(self, status: PayoutStatus) -> None:
        assert status in TRANSITIONS
