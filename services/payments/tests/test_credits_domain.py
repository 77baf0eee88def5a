"""The rules of credits."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.credits.domain import (
    CardPartTooSmall,
    NotEnoughCredits,
    Spendable,
    credits_to_use,
    distribute_refund,
    take,
)

NOW = datetime(2026, 12, 1, 8, tzinfo=UTC)
MINIMUM = 50


def grant(number: int, remaining: int = 100, priority: int = 100, days: int | None = None, age: int = 0) -> Spendable:
    expires_at = NOW + timedelta(days=days) if days else None
    return Spendable(UUID(int=number), remaining, priority, expires_at, NOW - timedelta(days=age))


class TestCreditsToUse:
    def test_none_wanted_none_used(self):
        assert credits_to_use(1_000, 5_000, None, MINIMUM) == 0

    def test_max_uses_what_is_there(self):
        assert credits_to_use(1_000, 400, "max", MINIMUM) == 400
        assert credits_to_use(1_000, 4_000, "max", MINIMUM) == 1_000

    def test_more_than_balance_or_price_is_refused(self):
        with pytest.raises(NotEnoughCredits):
            credits_to_use(1_000, 400, 401, MINIMUM)
        with pytest.raises(NotEnoughCredits):
            credits_to_use(1_000, 4_000, 1_001, MINIMUM)

    @pytest.mark.parametrize("wish", ["max", 980])
    def test_a_remainder_below_the_minimum_charge_uses_fewer_credits(self, wish):
        assert credits_to_use(1_000, 980, wish, MINIMUM) == 950

    def test_a_remainder_of_exactly_the_minimum_is_charged(self):
        assert credits_to_use(1_000, 950, "max", MINIMUM) == 950

    def test_a_price_below_the_minimum_is_paid_by_credits_alone_or_not_at_all(self):
        assert credits_to_use(30, 30, "max", MINIMUM) == 30
        with pytest.raises(CardPartTooSmall):
            credits_to_use(30, 29, "max", MINIMUM)
        with pytest.raises(CardPartTooSmall):
            credits_to_use(30, 0, None, MINIMUM)

    def test_what_is_free_needs_nothing(self):
        assert credits_to_use(0, 500, "max", MINIMUM) == 0

    @given(st.integers(0, 500), st.integers(0, 500), st.one_of(st.none(), st.just("max"), st.integers(0, 500)))
    def test_the_card_part_is_nothing_or_chargeable_and_no_wish_is_exceeded(self, total, balance, wish):
        try:
            used = credits_to_use(total, balance, wish, MINIMUM)
        except (NotEnoughCredits, CardPartTooSmall):
            return
        assert 0 <= used <= min(total, balance)
        assert total - used == 0 or total - used >= MINIMUM
        assert used <= (wish if isinstance(wish, int) else total)


class TestTake:
    def test_rule_14_spends_by_priority_then_earliest_expiry_then_oldest(self):
        grants = [
            grant(1, age=1),
            grant(2, age=9),
            grant(3, days=30),
            grant(4, days=10),
            grant(5, priority=10),
        ]
        spent = [grant_id.int for grant_id, _ in take(grants, 500)]
        assert spent == [5, 4, 3, 2, 1]

    def test_takes_part_of_the_last(self):
        assert take([grant(1, 60, age=2), grant(2, 60)], 100) == [(UUID(int=1), 60), (UUID(int=2), 40)]

    def test_refuses_more_than_there_is(self):
        with pytest.raises(NotEnoughCredits):
            take([grant(1, 60)], 61)


class TestGiveBack:
    def test_rule_09_the_last_spent_comes_back_first(self):
        promotion, bought = UUID(int=1), UUID(int=2)
        assert distribute_refund([(promotion, 30), (bought, 70)], 80) == [(bought, 70), (promotion, 10)]

    def test_never_more_than_was_taken(self):
        with pytest.raises(NotEnoughCredits):
            distribute_refund([(UUID(int=1), 30)], 31)

    @given(st.lists(st.integers(1, 50), min_size=1, max_size=5), st.lists(st.integers(1, 60), max_size=8))
    def test_rule_18_partial_refunds_end_where_one_refund_does(self, taken, refunds):
        left = {UUID(int=place): amount for place, amount in enumerate(taken)}
        total = 0
        for amount in refunds:
            amount = min(amount, sum(taken) - total)
            for use, part in distribute_refund(list(left.items()), amount):
                left[use] -= part
            total += amount
        at_once = {UUID(int=place): amount for place, amount in enumerate(taken)}
        for use, part in distribute_refund(list(at_once.items()), total):
            at_once[use] -= part
        assert left == at_once
