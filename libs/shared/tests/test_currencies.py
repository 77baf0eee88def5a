"""What babel and our tables say together is what Stripe's page on currencies says."""

import pytest

from shared.errors import Invalid
from shared.records.currencies import decimals, known, minimum_charge, payout_step, step
from shared.records.money import Money, check_amount, split
from shared.settings import ServiceSettings, SettingsError

ZERO_DECIMAL = set("BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".split())
THREE_DECIMAL = set("BHD JOD KWD OMR TND".split())
# Legal tender that Stripe does not take.
NOT_AT_STRIPE = set("BTN CUP ERN GHS IQD IRR KPW LYD MRU SDG SSP STN SYP TMT VES ZWG".split())


def test_decimals_are_those_of_stripe():
    at_stripe = known() - NOT_AT_STRIPE
    assert {code for code in at_stripe if decimals(code) == 0} == ZERO_DECIMAL
    assert {code for code in at_stripe if decimals(code) == 3} == THREE_DECIMAL
    assert {decimals(code) for code in at_stripe} == {0, 2, 3}


@pytest.mark.parametrize(
    ("code", "amounts", "payouts"),
    [
        ("USD", 1, 1),
        ("JPY", 1, 1),
        ("KWD", 10, 10),
        ("ISK", 100, 100),
        ("UGX", 100, 100),
        ("HUF", 1, 100),
        ("TWD", 1, 100),
    ],
)
def test_amounts_come_in_steps(code, amounts, payouts):
    assert (step(code), payout_step(code)) == (amounts, payouts)


@pytest.mark.parametrize(
    ("code", "least"), [("USD", 50), ("GBP", 30), ("HUF", 17_500), ("JPY", 50), ("KWD", 500), ("ISK", 100), ("ZAR", 50)]
)
def test_a_minimum_charge_is_one_that_can_be_charged(code, least):
    assert minimum_charge(code) == least
    assert all(minimum_charge(each) % step(each) == 0 for each in known())


@pytest.mark.parametrize("code", ["XYZ", "DEM", "XAU", "usd", "EURO"])
def test_an_unknown_code_is_one_line_that_names_the_variable(code):
    with pytest.raises(SettingsError, match=r"^ESTUARY_CURRENCY: [^\n]*$"):
        ServiceSettings.of({"ESTUARY_CURRENCY": code})


def test_an_amount_off_the_step_is_refused_by_its_field():
    assert check_amount(Money(1230, "KWD"), "KWD", "price").amount == 1230
    with pytest.raises(Invalid) as refused:
        check_amount(Money(1234, "KWD"), "KWD", "price")
    assert [(error.field, error.code) for error in refused.value.errors] == [("price.amount", "amount_off_step")]


@pytest.mark.parametrize(
    ("amount", "weights", "unit", "shares"),
    [(1000, [1, 2], 10, [330, 670]), (1000, [1, 1], 100, [500, 500]), (300, [1, 1], 100, [200, 100]),
     (1005, [0, 1], 10, [5, 1000]), (70, [0, 0], 10, [70, 0])],
)  # fmt: skip
def test_shares_are_multiples_of_a_unit(amount, weights, unit, shares):
    assert split(amount, weights, unit) == shares


@pytest.mark.parametrize("amount", [0, 1, 1249, 2499, 2500])
def test_rule_18_shares_of_what_is_below_zero_are_below_zero(amount):
    weights = [3950, -1450, 0]
    shares = split(amount, weights)
    assert sum(shares) == amount
    assert all(min(weight, 0) <= share <= max(weight, 0) for share, weight in zip(shares, weights, strict=True))
    assert all(abs(share - weight * amount / 2500) < 1 for share, weight in zip(shares, weights, strict=True))
