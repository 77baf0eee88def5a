"""Which rate wins, and what it takes."""

from decimal import Decimal

import pytest

from services.payments.commission.domain import commission_of, resolve, volume_rate, volume_steps


class TestResolve:
    def test_who_has_no_plan_is_on_free(self) -> None:
        assert resolve(override=None, volume_rate=None, plan_rate=None) == Decimal("0.20")

    @pytest.mark.parametrize("rate", ["0.1500", "0"])
    def test_the_plan_decides_where_nothing_else_does(self, rate: str) -> None:
        assert resolve(override=None, volume_rate=None, plan_rate=Decimal(rate)) == Decimal(rate)

    def test_volume_is_more_specific_than_the_plan(self) -> None:
        assert resolve(override=None, volume_rate=Decimal("0.05"), plan_rate=Decimal("0.15")) == Decimal("0.05")

    def test_the_practitioners_own_rate_wins_over_all(self) -> None:
        rate = resolve(override=Decimal(0), volume_rate=Decimal("0.05"), plan_rate=None, multi_vendor=True)
        assert rate == 0

    def test_events_of_several_vendors_have_their_own_rate(self) -> None:
        assert resolve(override=None, volume_rate=None, plan_rate=None, multi_vendor=True) == Decimal("0.10")


class TestVolume:
    @pytest.mark.parametrize(
        ("gross", "rate"), [(0, "0.05"), (500_000, "0.05"), (500_001, "0.04"), (1_000_000, "0.04"), (1_000_001, "0.03")]
    )
    def test_the_highest_step_that_is_passed_counts(self, gross: int, rate: str) -> None:
        assert volume_rate(gross, volume_steps(500_000, 1_000_000)) == Decimal(rate)

    def test_without_steps_there_is_no_rule(self) -> None:
        assert volume_rate(1, ()) is None


@pytest.mark.parametrize(
    ("gross", "rate", "commission"), [(10_000, "0.2", 2000), (3, "0.5", 2), (12_345, "0.15", 1852)]
)
def test_rule_18_commission_is_a_whole_number_half_upwards(gross: int, rate: str, commission: int) -> None:
    assert commission_of(gross, Decimal(rate)) == commission


def test_a_share_is_a_multiple_of_the_currency_s_step() -> None:
    assert commission_of(1230, Decimal("0.15"), 10) == 180
    assert commission_of(1300, Decimal("0.15"), 10) == 200
