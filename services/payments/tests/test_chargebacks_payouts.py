"""Disputes stop payouts that have not left."""

from datetime import timedelta

import pytest

from devtools.testing.delivery import events_of
from services.payments.tests.disputes import Disputes
from services.payments.tests.faults import LOST, NOT_ENOUGH, Connection
from services.payments.tests.scenes import Market
from services.payments.tests.test_invariants import broken
from shared.events.payments import PayoutFailed, PayoutRejected


class TestPayouts:
    async def test_a_waiting_one_is_rejected_and_its_rest_available(self, market: Market, disputes: Disputes) -> None:
        await market.account()
        sale = await disputes.earned()
        await market.earned()
        payout_id = await market.payout()
        await disputes.heard(sale)
        shown = await market.show(payout_id)
        assert (shown["status"], shown["reason"]) == ("rejected", "held")
        assert (await market.approve(payout_id)).status_code == 409
        assert await market.summary() == {"held": 8000, "available": 8000}
        assert len([event for event in await events_of(market.runtime) if isinstance(event, PayoutRejected)]) == 1
        assert await broken(market) == {}

    async def test_another_one_goes_on(self, market: Market, disputes: Disputes) -> None:
        await market.account()
        await market.earned()
        payout_id = await market.payout()
        sale = await disputes.earned()
        await disputes.heard(sale)
        assert (await market.show(payout_id))["status"] == "eligible"
        assert await market.summary() == {"held": 8000, "in_payout": 8000}

    async def test_only_what_is_free_can_be_asked_for(self, market: Market, disputes: Disputes) -> None:
        await market.account()
        sale = await disputes.earned()
        await disputes.heard(sale)
        assert (await market.ask()).status_code == 422

    async def test_an_approved_one_that_was_not_transferred_fails(self, market: Market, disputes: Disputes) -> None:
        account = await market.account()
        sale = await disputes.earned()
        await market.earned()
        payout_id = await market.approved()
        await disputes.heard(sale)
        await market.advance()
        shown = await market.show(payout_id)
        assert (shown["status"], shown["reason"]) == ("failed", "held")
        assert await market.transfers(account) == []
        assert await market.summary() == {"held": 8000, "available": 8000}
        assert len([event for event in await events_of(market.runtime) if isinstance(event, PayoutFailed)]) == 1
        assert await broken(market) == {}

    async def test_one_that_needs_attention_fails_too(
        self, market: Market, disputes: Disputes, connection: Connection
    ) -> None:
        faults, away = connection
        account = await market.account()
        sale = await disputes.earned()
        payout_id = await market.approved()
        faults.path, faults.answer = "/v1/transfers", NOT_ENOUGH
        await market.advance(away)
        market.clock.advance(timedelta(days=1))
        await market.advance(away)
        assert (await market.show(payout_id))["status"] == "needs_attention"
        await disputes.heard(sale)
        shown = await market.show(payout_id)
        assert (shown["status"], shown["reason"]) == ("failed", "held")
        assert await market.transfers(account) == []
        assert await broken(market) == {}

    @pytest.mark.parametrize("made", [True, False])
    async def test_where_the_transfer_may_have_been_made_that_is_looked_up_first(
        self, market: Market, disputes: Disputes, connection: Connection, made: bool
    ) -> None:
        faults, away = connection
        account = await market.account()
        sale = await disputes.earned()
        payout_id = await market.approved()
        faults.path, faults.answer, faults.takes_effect = "/v1/transfers", LOST, made
        await market.advance(away)
        await disputes.heard(sale)
        assert await broken(market) == {}
        faults.answer = None
        await market.owner_sql("update payments.provider_calls set last_sent_at = now() - interval '61 seconds'")
        await market.advance(away)
        assert len(await market.transfers(account)) == made
        assert len([key for key in faults.keys if key.startswith("transfer")]) == 1
        await market.until(payout_id, "paid" if made else "failed")
        assert await market.summary() == {"paid" if made else "held": 8000}
        assert await broken(market) == {}

    async def test_one_that_is_won_before_the_next_step_changes_nothing(
        self, market: Market, disputes: Disputes, connection: Connection
    ) -> None:
        faults, away = connection
        await market.account()
        sale = await disputes.earned()
        payout_id = await market.approved()
        faults.path, faults.answer = "/v1/transfers", LOST
        await market.advance(away)
        await disputes.heard(sale)
        await disputes.ended(sale, "won")
        await market.hurry()
        await market.until(payout_id, "paid")
        assert await market.summary() == {"paid": 8000}
        assert await broken(market) == {}

    async def test_what_the_bank_sends_back_is_held(self, market: Market, disputes: Disputes) -> None:
        account = await market.account()
        sale = await disputes.earned()
        await market.bank(account, "btok_us_verified_noAccount")
        payout_id = await market.payout()
        assert (await market.approve(payout_id)).status_code == 200
        await disputes.heard(sale)
        await market.until(payout_id, "failed")
        assert await market.summary() == {"held": 8000}
        assert await broken(market) == {}
