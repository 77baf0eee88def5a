"""How Stripe counts each currency: https://docs.stripe.com/currencies, as read in November 2026.

The decimals are CLDR's, by babel; the tables here are what that page says otherwise or in addition.
"""

from functools import cache

from babel.core import get_global
from babel.numbers import get_currency_precision

# "Currencies are two-decimal currencies unless otherwise specified", and these are not among the zero-decimal ones.
_HUNDREDTHS = frozenset("AFN ALL ISK LAK LBP MMK RSD SOS UGX YER".split())
# "Special cases": the last two digits are 00, always or in payouts.
_WHOLE = frozenset({"ISK", "UGX"})
_WHOLE_IN_PAYOUTS = _WHOLE | {"HUF", "TWD"}
# "Three-decimal currencies": the last digit is 0.
_STEP_OF_THREE_DECIMALS = 10
# "Minimum and maximum charge amounts", in minor units.
_MINIMUM_CHARGES = {
    "AED": 200,
    "AUD": 50,
    "BGN": 100,
    "BRL": 50,
    "CAD": 50,
    "CHF": 50,
    "CZK": 1500,
    "DKK": 250,
    "EUR": 50,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17_500,
    "INR": 50,
    "JPY": 50,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 300,
    "NZD": 50,
    "PLN": 200,
    "RON": 200,
    "SEK": 300,
    "SGD": 50,
    "THB": 1000,
    "USD": 50,
}
# Stripe has no fixed minimum for the others: it converts them, and refuses what is worth too little then.
_LEAST_OF_OTHERS = {0: 50, 2: 50, 3: 500}


@cache
def known() -> frozenset[str]:
    """The codes of all currencies that are legal tender somewhere today."""
    entries = [entry for of_territory in get_global("territory_currencies").values() for entry in of_territory]
    return frozenset(code for code, _, ended, tender in entries if tender and ended is None)


@cache
def decimals(currency: str) -> int:
    """How many decimals of the major unit a minor unit is, as Stripe counts."""
    return 2 if currency in _HUNDREDTHS else get_currency_precision(currency)


def step(currency: str) -> int:
    """What every amount in minor units is a multiple of."""
    if decimals(currency) == 3:
        return _STEP_OF_THREE_DECIMALS
    return 100 if currency in _WHOLE else 1


def payout_step(currency: str) -> int:
    """What every amount that is paid out to a bank is a multiple of: the step, or more."""
    return 100 if currency in _WHOLE_IN_PAYOUTS else step(currency)


def coarse_payouts() -> dict[str, int]:
    """The currencies whose payouts are not paid to the minor unit, with their steps."""
    return {currency: payout_step(currency) for currency in sorted(known()) if payout_step(currency) > 1}


def minimum_charge(currency: str) -> int:
    """The least amount, in minor units, that a card can be charged in this currency."""
    least = _MINIMUM_CHARGES.get(currency) or _LEAST_OF_OTHERS[decimals(currency)]
    return max(least, step(currency))
