"""Amounts in the settings follow the currency of the install."""

import pytest

from services.payments.settings import PaymentsSettings
from shared.settings import SettingsError


@pytest.mark.parametrize(
    ("currency", "expected"),
    [
        ("USD", (5_000, 500_000, 1_000_000)),
        ("JPY", (5_000, 500_000, 1_000_000)),
        ("HUF", (1_750_000, 175_000_000, 350_000_000)),
        ("KWD", (50_000, 5_000_000, 10_000_000)),
    ],
)
def test_defaults_are_multiples_of_the_minimum_charge(currency: str, expected: tuple[int, ...]) -> None:
    settings = PaymentsSettings.of({"ESTUARY_CURRENCY": currency})
    assert (settings.payout_minimum, settings.volume_middle_step, settings.volume_top_step) == expected


def test_an_operator_s_own_values_win() -> None:
    own = {"PAYMENTS_PAYOUT_MINIMUM": "7", "PAYMENTS_VOLUME_MIDDLE_STEP": "8", "PAYMENTS_VOLUME_TOP_STEP": "9"}
    settings = PaymentsSettings.of({"ESTUARY_CURRENCY": "HUF"} | own)
    assert (settings.payout_minimum, settings.volume_middle_step, settings.volume_top_step) == (7, 8, 9)


@pytest.mark.parametrize("own", [{"MIDDLE": "9", "TOP": "9"}, {"MIDDLE": "1000000"}, {"TOP": "500000"}])
def test_volume_steps_must_rise(own: dict[str, str]) -> None:
    env = {f"PAYMENTS_VOLUME_{name}_STEP": value for name, value in own.items()}
    with pytest.raises(SettingsError, match=r"^PAYMENTS_VOLUME_TOP_STEP: .*above PAYMENTS_VOLUME_MIDDLE_STEP$"):
        PaymentsSettings.of(env)


def test_a_bad_currency_is_named_alone() -> None:
    with pytest.raises(SettingsError, match="ESTUARY_CURRENCY"):
        PaymentsSettings.of({"ESTUARY_CURRENCY": "usd"})
