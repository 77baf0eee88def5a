"""Accounts and legs."""

from uuid import UUID

import pytest

from services.payments.ledger.domain import Leg, client_credits, numbered, platform_revenue, seller_pending

SELLER = UUID(int=1)


class TestAccounts:
    def test_the_same_account_has_the_same_id(self) -> None:
        assert seller_pending(SELLER, "USD").id == seller_pending(UUID(int=1), "USD").id

    def test_kind_owner_and_currency_make_the_id(self) -> None:
        accounts = [
            seller_pending(SELLER, "USD"),
            seller_pending(SELLER, "EUR"),
            seller_pending(UUID(int=2), "USD"),
            client_credits(SELLER, "USD"),
            platform_revenue("USD"),
        ]
        assert len({account.id for account in accounts}) == len(accounts)

    def test_only_what_may_never_be_negative_is_live(self) -> None:
        assert client_credits(SELLER, "USD").live
        assert not platform_revenue("USD").live


class TestLegs:
    def test_an_empty_leg_is_dropped_and_the_others_keep_their_numbers(self) -> None:
        a, b = seller_pending(SELLER, "USD"), platform_revenue("USD")
        assert [number for number, _ in numbered([Leg(a, b, 5), Leg(b, a, 0), Leg(a, b, 7)])] == [0, 2]

    def test_a_negative_amount_is_refused(self) -> None:
        with pytest.raises(ValueError, match="negative"):
            Leg(seller_pending(SELLER, "USD"), platform_revenue("USD"), -1)

    def test_two_currencies_are_refused(self) -> None:
        with pytest.raises(ValueError, match="one currency"):
            Leg(seller_pending(SELLER, "USD"), platform_revenue("EUR"), 1)

    def test_an_account_with_itself_is_refused(self) -> None:
        with pytest.raises(ValueError, match="two accounts"):
            Leg(platform_revenue("USD"), platform_revenue("USD"), 1)
