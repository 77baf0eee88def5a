"""Disputes: what was earned is held and refunds wait until the dispute is won; an inquiry changes nothing."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import product

import pytest

from devtools.testing.delivery import events_of
from services.payments.chargebacks.domain import TRANSITIONS, ChargebackStatus
from services.payments.tests.disputes import INQUIRY, KINDS, Disputes
from services.payments.tests.scenes import Market
from services.payments.tests.test_invariants import broken
from shared.events.booking import BookingConfirmed
from shared.events.payments import ChargebackEnded, ChargebackLost, ChargebackOpened

Buy = Callable[[int], Awaitable[str]]


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
        published = [event for event in await events_of(market.runtime) if isinstance(event, ChargebackLost)]
        assert [(event.order_id, event.amount.amount) for event in published] == [(sale.order_id, 10_000)]
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


class TestNews:
    @pytest.mark.parametrize("how", ["won", "lost"])
    async def test_say_once_how_it_stands(self, market: Market, disputes: Disputes, how: str) -> None:
        sale = await disputes.earned()
        await disputes.heard(sale)
        await disputes.ended(sale, how)
        await disputes.heard(sale, *KINDS)
        published = await events_of(market.runtime)
        opened = [each for each in published if isinstance(each, ChargebackOpened)]
        ended = [each for each in published if isinstance(each, ChargebackEnded)]
        assert [(each.booking_id, each.kind) for each in opened] == [(sale.booking.id, "booking")]
        assert [(each.order_id, each.outcome) for each in ended] == [(sale.order_id, how)]


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
        assert not (here.is_withdrawn and to.value.startswith("warning")) or to not in TRANSITIONS[here]
