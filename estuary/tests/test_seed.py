"""The demo can be had in every currency."""

from estuary.seed import OFFERS, TIERS, price_in
from shared.records.currencies import known, minimum_charge, step
from shared.records.money import LARGEST


def test_every_price_can_be_charged_in_every_currency() -> None:
    cents = [int(offer["amount"]) for offer in OFFERS] + [amount for _, _, amount in TIERS]
    for currency in known():
        for amount in (int(price_in(currency, each)["amount"]) for each in cents):
            assert amount == 0 or minimum_charge(currency) <= amount <= LARGEST, currency
            assert amount % step(currency) == 0, currency
    assert price_in("USD", 12_500) == {"amount": 12_500, "currency": "USD"}
