"""Shares, reversals and splits: whatever happens in whatever order, the parts sum to the whole."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.payments.commission.domain import commission_of
from services.payments.earnings.domain import (
    TRANSITIONS,
    EarningStatus,
    Entry,
    apply,
    distribute,
    divide,
    released,
    shares_after,
    take_oldest,
)

rates = st.decimals(min_value=0, max_value=1, places=4)
amounts = st.integers(min_value=1, max_value=1_000_000)


class TestSharesAfter:
    def test_rule_10_half_back_reverses_half_the_commission(self) -> None:
        shares = shares_after(10_000, 2000, 5000)
        assert (shares.commission, shares.net) == (1000, 4000)

    @given(amounts, rates, st.data())
    def test_rule_18_cumulative_reversals_end_at_zero(self, gross: int, rate: Decimal, data: st.DataObject) -> None:
        commission = commission_of(gross, rate)
        steps = [*sorted(data.draw(st.lists(st.integers(0, gross), max_size=6))), gross]
        before = shares_after(gross, commission, 0)
        assert (before.commission, before.net) == (commission, gross - commission)
        for refunded in steps:
            now = shares_after(gross, commission, refunded)
            assert now.commission + now.net == gross - refunded
            assert 0 <= now.commission <= before.commission
            assert 0 <= now.net <= before.net
            before = now
        assert (before.commission, before.net) == (0, 0)


class TestReleased:
    @pytest.mark.parametrize(
        ("amount", "percents", "parts"),
        [
            (10_000, [100], [10_000]),
            (1001, [50, 50], [501, 500]),
            (801, [33, 33, 34], [264, 264, 273]),
            (5, [10] * 10, [1, 1, 1, 1, 1, 0, 0, 0, 0, 0]),
            (0, [30, 70], [0, 0]),
        ],
    )
    def test_each_part_is_half_up_and_the_last_takes_the_rest(
        self, amount: int, percents: list[int], parts: list[int]
    ) -> None:
        assert released(amount, percents) == parts

    def test_rule_18_parts_are_multiples_of_the_step(self) -> None:
        assert released(1010, [50, 50], 10) == [510, 500]

    @given(amounts, st.lists(st.integers(1, 20), min_size=1, max_size=5))
    def test_rule_18_the_parts_sum_to_the_amount(self, amount: int, first: list[int]) -> None:
        parts = released(amount, [*first, 100 - sum(first)])
        assert sum(parts) == amount
        assert min(parts) >= 0


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    made = []
    for _ in range(draw(st.integers(1, 4))):
        status = draw(st.sampled_from([s for s in EarningStatus if s is not EarningStatus.REVERSED]))
        net, commission = draw(st.integers(0, 5000)), draw(st.integers(0, 1000))
        repaid = draw(st.integers(0, net)) if status is EarningStatus.AVAILABLE else 0
        gone = status in (EarningStatus.AVAILABLE, EarningStatus.IN_PAYOUT, EarningStatus.PAID)
        owed = draw(st.integers(0, net)) if gone else 0
        owed_commission = draw(st.integers(0, commission)) if gone else 0
        made.append(Entry(status, commission, net, repaid, owed, owed_commission))
    return made


class TestReverse:
    def test_rule_11_what_was_paid_becomes_debt(self) -> None:
        (reversal,) = distribute([Entry(EarningStatus.PAID, 2000, 8000)], 8000, 2000)
        assert (reversal.withdrawn, reversal.owed, reversal.commission) == (0, 8000, 2000)

    def test_money_that_is_still_here_goes_first(self) -> None:
        here, gone = Entry(EarningStatus.AVAILABLE, 750, 3000), Entry(EarningStatus.PAID, 1250, 5000)
        first, second = distribute([here, gone], 4000, 1000)
        assert (first.withdrawn, first.owed, second.owed) == (3000, 0, 1000)
        assert (first.commission, second.commission) == (750, 250)

    def test_what_repaid_debt_is_not_here_any_more(self) -> None:
        (reversal,) = distribute([Entry(EarningStatus.AVAILABLE, 2000, 8000, repaid=6000)], 8000, 2000)
        assert (reversal.withdrawn, reversal.owed) == (2000, 6000)

    @given(entries(), st.data())
    def test_rule_18_every_unit_is_taken_once_and_no_entry_gives_what_it_has_not(
        self, before: list[Entry], data: st.DataObject
    ) -> None:
        net = data.draw(st.integers(0, sum(entry.reversible for entry in before)))
        commission = data.draw(st.integers(0, sum(entry.reversible_commission for entry in before)))
        reversals = distribute(before, net, commission)
        after = [apply(entry, reversal) for entry, reversal in zip(before, reversals, strict=True)]
        assert sum(reversal.net for reversal in reversals) == net
        assert sum(reversal.commission for reversal in reversals) == commission
        for old, new, reversal in zip(before, after, reversals, strict=True):
            assert new.reversible == old.reversible - reversal.net
            assert new.reversible_commission == old.reversible_commission - reversal.commission
            assert 0 <= new.repaid <= new.net
            assert 0 <= new.owed <= new.net
            assert 0 <= new.owed_commission <= new.commission
            assert reversal.withdrawn <= max(old.payable, old.in_hand)
            if old.status in (EarningStatus.PAID, EarningStatus.IN_PAYOUT):
                assert (new.net, new.commission) == (old.net, old.commission)


class TestPayoutParts:
    def test_oldest_first_and_the_last_one_in_part(self) -> None:
        assert take_oldest([3000, 0, 4000, 5000], 6000) == [3000, 0, 3000, 0]

    @given(entries(), st.data())
    def test_rule_18_a_split_entry_sums_to_the_whole(self, made: list[Entry], data: st.DataObject) -> None:
        entry = made[0]
        taken = data.draw(st.integers(0, entry.payable))
        parts = divide(entry, taken)
        assert parts[0].net == taken
        assert parts[0].repaid == 0
        for name in ("net", "commission", "repaid", "owed", "owed_commission"):
            assert sum(getattr(part, name) for part in parts) == getattr(entry, name)
        for part in parts:
            assert 0 <= part.repaid <= part.net
            assert 0 <= part.owed <= part.net
            assert 0 <= part.owed_commission <= part.commission


@pytest.mark.parametrize("status", list(EarningStatus))
def test_every_status_has_its_transitions(status: EarningStatus) -> None:
    assert status in TRANSITIONS
