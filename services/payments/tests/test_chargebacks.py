"""Disputes: what was earned is held and refunds wait until the dispute is won; an inquiry changes nothing."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.payments.chargebacks.domain import TRANSITIONS, ChargebackStatus
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_webhooks import event_of, signed
from shared.events.booking import BookingConfirmed
from shared.events.payments import ChargebackLost, PayoutRejected

DISPUTED, INQUIRY = "pm_card_createDispute", "pm_card_createDisputeInquiry"
KINDS = ["charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"]
Buy = Callable[[int], Awaitable[str]]


@pytest.fixture
def disputes(market: Market) -> "Disputes":
    return Disputes(market)


class Disputes:
    """The client's bank: its disputes exist at Stripe before their webhooks are heard of here."""

    def __init__(self, market: Market) -> None:
        self.market = market

    async def sale(self, total: int = 10_000, credits: object = None, card: str = DISPUTED) -> Sale:
        """A confirmed booking, paid by a card whose bank disputes it."""
        made = await self.paid_order(total, credits, card)
        await self.market.tell(BookingConfirmed(booking=made.booking))
        return made

    async def paid_order(self, total: int = 10_000, credits: object = None, card: str = DISPUTED) -> Sale:
        """As `sale`, but payments has not heard of the booking yet."""
        pay = self.market.pay
        self.market.pay = lambda order_id: pay(order_id, card)
        try:
            return await self.market.paid_order(total, credits)
        finally:
            self.market.pay = pay

    async def earned(self, total: int = 10_000, credits: object = None, card: str = DISPUTED) -> Sale:
        """A sale whose net amount is available."""
        made = await self.sale(total, credits, card)
        await self.market.complete(made)
        self.market.clock.advance(timedelta(hours=24))
        await self.market.work()
        return made

    async def id_of(self, sale: Sale) -> str:
        """Stripe's id of the sale's dispute; it appears within half a second."""
        ((intent,),) = await self.market.sql("select intent_id from payments.orders where id = :id", id=sale.order_id)
        async with asyncio.timeout(5):
            while True:
                answer = await self.market.stripe_api.get("/disputes", params={"payment_intent": intent})
                if found := answer.json()["data"]:
                    return str(found[0]["id"])
                await asyncio.sleep(0.05)

    async def heard(self, sale: Sale, *kinds: str) -> None:
        """The webhooks of these kinds arrive, each twice, and are acted on."""
        dispute_id = await self.id_of(sale)
        for kind in kinds or KINDS[:1]:
            for _ in range(2):
                payload = event_of(kind, dispute_id)
                url = "/api/v1/webhooks/stripe/"
                assert (await self.market.api.post(url, content=payload, headers=signed(payload))).status_code == 200
                await self.market.work()

    async def ends(self, sale: Sale, how: str) -> None:
        """The bank decides, `won` or `lost`; nothing is heard of it yet."""
        text = {"won": "winning_evidence", "lost": "losing_evidence"}[how]
        url = f"/disputes/{await self.id_of(sale)}"
        answer = await self.market.stripe_api.post(url, data={"evidence[uncategorized_text]": text})
        assert answer.status_code == 200, answer.text

    async def ended(self, sale: Sale, how: str) -> None:
        """The bank decides and it is heard of."""
        await self.ends(sale, how)
        await self.heard(sale, "charge.dispute.closed")

    async def refunds(self, sale: Sale) -> list[tuple[str, int]]:
        """The order's refunds as the client sees them."""
        url = f"/api/v1/payments/orders/{sale.order_id}/"
        shown = (await self.market.api.get(url, headers=headers_for(self.market.client_id))).json()
        return [(each["status"], each["card"]["amount"] + each["credits"]["amount"]) for each in shown["refunds"]]


class TestEarnings:
    @pytest.mark.parametrize("moment", ["before completion", "completed", "available"])
    async def test_are_held_until_it_is_won(self, market: Market, disputes: Disputes, moment: str) -> None:
        sale = await (disputes.earned() if moment == "available" else disputes.sale())
        if moment == "completed":
            await market.complete(sale)
        await disputes.heard(sale)
        assert await market.summary() == {"held": 8000}
        market.clock.advance(timedelta(hours=25))
        await market.work()
        assert await market.summary() == {"held": 8000}
        assert await broken(market) == {}
        await disputes.ended(sale, "won")
        await market.work()
        assert await market.summary() == {"pending" if moment == "before completion" else "available": 8000}
        assert await broken(market) == {}

    async def test_a_session_that_took_place_meanwhile_counts(self, market: Market, disputes: Disputes) -> None:
        sale = await disputes.sale()
        await disputes.heard(sale)
        await market.complete(sale)
        market.clock.advance(timedelta(hours=24))
        await disputes.ended(sale, "won")
        assert await market.summary() == {"available": 8000}

    async def test_of_a_booking_that_is_confirmed_afterwards_are_held(self, market: Market, disputes: Disputes) -> None:
        sale = await disputes.paid_order()
        await disputes.heard(sale)
        await market.tell(BookingConfirmed(booking=sale.booking))
        assert await market.summary() == {"held": 8000}
        assert await broken(market) == {}

    async def test_stay_held_when_it_is_lost_and_one_event_says_so(self, market: Market, disputes: Disputes) -> None:
        sale = await disputes.earned()
        await disputes.heard(sale)
        await disputes.ended(sale, "lost")
        await disputes.heard(sale, *KINDS)
        assert await market.summary() == {"held": 8000}
        told = [event for event in await events_of(market.runtime) if isinstance(event, ChargebackLost)]
        assert [(event.order_id, event.amount.amount) for event in told] == [(sale.order_id, 10_000)]
        assert await broken(market) == {}

    async def test_let_go_repay_debt_first(self, market: Market, disputes: Disputes) -> None:
        await market.account()
        paid = await market.earned()
        await market.paid_out()
        sale = await disputes.earned()
        await disputes.heard(sale)
        await market.refunded(paid, 5000)
        assert (await market.summary())["debt"] == 4000
        await disputes.ended(sale, "won")
        assert await market.summary() == {"paid": 8000, "reversed": 4000, "available": 4000}
        assert await broken(market) == {}

    async def test_what_has_repaid_debt_stays_repaid(self, market: Market, disputes: Disputes) -> None:
        await market.account()
        paid = await market.earned()
        await market.paid_out()
        await market.refunded(paid, 5000)
        sale = await disputes.earned()
        assert (await market.summary())["available"] == 4000
        await disputes.heard(sale)
        assert await market.summary() == {"paid": 8000, "reversed": 4000, "held": 4000}
        assert await broken(market) == {}
        await disputes.ended(sale, "won")
        assert await market.summary() == {"paid": 8000, "reversed": 4000, "available": 4000}
        assert await broken(market) == {}

    async def test_an_inquiry_holds_nothing(self, market: Market, disputes: Disputes) -> None:
        sale = await disputes.earned(card=INQUIRY)
        await disputes.heard(sale)
        assert await market.summary() == {"available": 8000}
        assert await market.refunded(sale) == (10_000, 0)
        assert await broken(market) == {}

    @pytest.mark.parametrize("how", ["won", "lost"])
    async def test_late_and_doubled_news_mean_the_same(self, market: Market, disputes: Disputes, how: str) -> None:
        sale = await disputes.earned()
        await disputes.ends(sale, how)
        await disputes.heard(sale, *reversed(KINDS))
        assert await market.summary() == {"available" if how == "won" else "held": 8000}
        assert await broken(market) == {}


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


class TestRefunds:
    async def test_by_staff_is_refused(self, market: Market, disputes: Disputes) -> None:
        sale = await disputes.earned()
        await disputes.heard(sale)
        answer = await market.refund(sale, 1000)
        assert (answer.status_code, answer.json()["code"]) == (409, "payment_disputed")
        await disputes.ended(sale, "won")
        assert await market.refunded(sale, 1000) == (1000, 0)
        assert await broken(market) == {}

    async def test_of_a_cancellation_waits_and_is_made_when_it_is_won(self, market: Market, disputes: Disputes) -> None:
        sale = await disputes.sale()
        await disputes.heard(sale)
        assert await market.refunded(sale, 5000, cancels=True) == (5000, 0)
        await market.cancel(sale, 5000)
        await market.work()
        assert await disputes.refunds(sale) == [("pending", 5000)]
        assert await market.summary() == {"held": 4000, "reversed": 4000}
        assert await broken(market) == {}
        await disputes.ended(sale, "won")
        await market.work()
        assert await disputes.refunds(sale) == [("succeeded", 5000)]
        assert await market.summary() == {"pending": 4000, "reversed": 4000}
        assert await broken(market) == {}

    async def test_of_a_cancellation_stays_pending_when_it_is_lost(self, market: Market, disputes: Disputes) -> None:
        sale = await disputes.sale()
        await disputes.heard(sale)
        await market.refunded(sale, cancels=True)
        await disputes.ended(sale, "lost")
        await market.work()
        assert await disputes.refunds(sale) == [("pending", 10_000)]
        assert await broken(market) == {}

    async def test_that_stripe_refused_before_the_news_is_made_when_it_is_won(
        self, market: Market, disputes: Disputes
    ) -> None:
        sale = await disputes.sale()
        await disputes.id_of(sale)
        await market.refunded(sale)
        assert await disputes.refunds(sale) == [("pending", 10_000)]
        await disputes.heard(sale)
        await disputes.ended(sale, "won")
        await market.work()
        assert await disputes.refunds(sale) == [("succeeded", 10_000)]
        assert await broken(market) == {}


class TestStatus:
    @pytest.mark.parametrize(("here", "to"), list(product(ChargebackStatus, ChargebackStatus)))
    def test_moves_only_forward(self, here: ChargebackStatus, to: ChargebackStatus) -> None:
        assert here not in TRANSITIONS[here]
        revised = {here, to} == {ChargebackStatus.WON, ChargebackStatus.LOST}
        assert revised or to not in TRANSITIONS[here] or here not in TRANSITIONS[to]
        assert not (here.stands and to.value.startswith("warning")) or to not in TRANSITIONS[here]
