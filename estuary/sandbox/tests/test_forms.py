"""Stripe's request encoding and the names of its test payment methods."""

import pytest

from estuary.sandbox.stripe import cards, forms
from estuary.sandbox.stripe.errors import StripeError


class TestParse:
    @pytest.mark.parametrize(
        ("encoded", "tree"),
        [
            ("", {}),
            ("amount=5&currency=usd", {"amount": "5", "currency": "usd"}),
            ("metadata[a]=1&metadata[b]=", {"metadata": {"a": "1", "b": ""}}),
            ("expand[]=a&expand[]=b", {"expand": ["a", "b"]}),
            ("expand[1]=b&expand[0]=a", {"expand": ["a", "b"]}),
            ("a[b][c][d]=1", {"a": {"b": {"c": {"d": "1"}}}}),
            ("description=a%26b+c", {"description": "a&b c"}),
        ],
    )
    def test_brackets_nest(self, encoded, tree):
        assert forms.parse(encoded) == tree

    @pytest.mark.parametrize(
        "encoded", ["a=1&a[b]=2", "a[b]=2&a=1", "a[[b]]=1", "[a]=1", "a[b=1", "=1", "a" + "[b]" * 9]
    )
    def test_nonsense_is_refused(self, encoded):
        with pytest.raises(StripeError):
            forms.parse(encoded if "=" in encoded else f"{encoded}=1")


class TestFind:
    @pytest.mark.parametrize("name", ["pm_card_visa", "pm_card_mastercard", "pm_card_amex", "pm_card_gb", "pm_card_us"])
    def test_good_cards(self, name):
        card = cards.find(name)
        assert card is not None
        assert card.decline is None

    @pytest.mark.parametrize("rest", [name for name, card in cards.BEHAVIOURS.items() if card.decline])
    def test_older_and_newer_names_are_the_same_card(self, rest):
        assert cards.find(f"pm_card_{rest}") == cards.find(f"pm_card_visa_{rest}") != cards.find("pm_card_visa")

    @pytest.mark.parametrize(
        "name", ["pm_card_", "pm_card_gold", "pm_1", "", "card_visa", "pm_card_zz", "pm_card_visa\n"]
    )
    def test_unknown_names(self, name):
        assert cards.find(name) is None
