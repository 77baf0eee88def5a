"""Stripe's lists are read once a day, and what they say is compared with ours by id."""

import asyncio
import time
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from services.payments.install.service import keep_currency
from services.payments.reconciliation.domain import CLOCKS_DIFFER, OVERLAP, Listed, window
from services.payments.reconciliation.invariants import INVARIANTS as AT_STRIPE
from services.payments.reconciliation.service import read_on
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.captures import authorized, capture, capture_there
from services.payments.tests.faults import Faults
from services.payments.tests.scenes import Market
from shared.records.clock import machine_now

DAY = timedelta(days=1)
TRANSFERS, REFUNDS, UNENDED = AT_STRIPE
BAD_BANK = "btok_us_verified_noAccount"


@pytest.fixture(autouse=True)
async def started(runtime: PaymentsRuntime, stripe_api: httpx2.AsyncClient) -> None:
    """The install's first start: what Stripe had before is none of ours.

    Stripe's times have whole seconds: what another test sent there within this one would count as sent since the start.
    """
    newest = (await stripe_api.get("/transfers", params={"limit": "1"})).json()["data"]
    if newest and newest[0]["created"] >= int(time.time()):
        await asyncio.sleep(1 - time.time() % 1)
    await keep_currency(runtime.db, runtime.settings.currency)


async def broken(market: Market) -> dict[str, list[Any]]:
    """What does not hold, with the ids that break it."""
    found = {name: [row[0] for row in await market.sql(statement)] for name, statement in AT_STRIPE.items()}
    return {name: ids for name, ids in found.items() if ids}


async def next_day(market: Market) -> None:
    market.clock.advance(DAY)
    await market.work()


async def records(market: Market, our_id: Any) -> list[Any]:
    query = "select kind, amount, returned from payments.stripe_records where our_id = :our_id"
    return [tuple(row) for row in await market.sql(query, our_id=str(our_id))]


class TestWindow:
    def test_reads_all_since_the_start_and_then_what_may_have_changed(self) -> None:
        start = machine_now()
        assert window(start, None) == start - CLOCKS_DIFFER
        assert window(start, start + DAY) == start - CLOCKS_DIFFER
        assert window(start, start + 90 * DAY) == start + 90 * DAY - OVERLAP - CLOCKS_DIFFER


class TestTransfers:
    async def test_a_payout_is_there_with_its_id_and_amount(self, market: Market) -> None:
        await market.account()
        await market.earned(10_000)
        payout_id = await market.paid_out()
        await next_day(market)
        assert await records(market, payout_id) == [("transfer", 8000, 0)]
        assert await broken(market) == {}

    async def test_what_came_back_is_seen_the_day_after(self, market: Market) -> None:
        account = await market.account()
        await market.earned(10_000)
        payout_id = await market.payout()
        await market.bank(account, BAD_BANK)
        await market.approve(payout_id)
        await next_day(market)
        await market.until(payout_id, "failed")
        assert await broken(market) == {}
        await next_day(market)
        assert await records(market, payout_id) == [("transfer", 8000, 8000)]
        assert await broken(market) == {}

    async def test_a_part_that_a_refund_took_back_is_seen_the_day_after(self, market: Market) -> None:
        await market.account()
        sale = await market.earned(10_000)
        payout_id = await market.payout()
        await market.approve(payout_id)
        market.clock.advance(DAY)
        await read_on(market.runtime, Listed.TRANSFER)
        assert await records(market, payout_id) == [("transfer", 8000, 0)]
        await market.refunded(sale, 2500)
        await market.until(payout_id, "paid")
        assert await broken(market) == {}
        await next_day(market)
        assert await records(market, payout_id) == [("transfer", 8000, 2000)]
        assert await broken(market) == {}

    async def test_one_that_is_not_ours_is_found(self, market: Market) -> None:
        account = await market.account()
        form = {"amount": "700", "currency": "usd", "destination": account["stripe_account_id"]}
        made = (await market.stripe_api.post("/transfers", data=form)).json()
        assert await broken(market) == {}
        await next_day(market)
        assert await broken(market) == {TRANSFERS: [made["id"]]}

    async def test_one_that_stripe_does_not_have_is_found(self, market: Market) -> None:
        await market.account()
        await market.earned(10_000)
        payout_id = await market.paid_out()
        await next_day(market)
        [(transfer_id,)] = await market.sql("select transfer_id from payments.payouts")
        await market.owner_sql(f"update payments.payouts set transfer_id = 'tr_no' where id = '{payout_id}'")
        # Other tests have transfers of their own at the same Stripe.
        assert {transfer_id, "tr_no"} <= {*(await broken(market))[TRANSFERS]}

    async def test_another_amount_is_found(self, market: Market) -> None:
        await market.account()
        await market.earned(10_000)
        await market.paid_out()
        await next_day(market)
        await market.owner_sql("update payments.payouts set amount = 7999")
        assert list(await broken(market)) == [TRANSFERS]


class TestRefunds:
    async def test_a_refund_is_there_with_its_id_and_amount(self, market: Market) -> None:
        sale = await market.sale(10_000)
        await market.refunded(sale, 2500)
        await next_day(market)
        [(refund_id,)] = await market.sql("select id from payments.refunds")
        assert await records(market, refund_id) == [("refund", 2500, 0)]
        assert await broken(market) == {}
        await market.owner_sql("update payments.refunds set card = 2400")
        assert list(await broken(market)) == [REFUNDS]

    async def test_one_of_ours_that_is_not_booked_is_found_after_an_hour(self, market: Market) -> None:
        sale = await market.sale(10_000)
        [(intent_id,)] = await market.sql("select intent_id from payments.orders where id = :id", id=sale.order_id)
        made = (await market.stripe_api.post("/refunds", data={"payment_intent": intent_id, "amount": "100"})).json()
        await next_day(market)
        assert await broken(market) == {}
        await market.owner_sql("update payments.stripe_records set found_at = found_at - interval '61 minutes'")
        assert await broken(market) == {REFUNDS: [made["id"]]}

    async def test_one_of_what_was_not_captured_is_ours_though_its_event_is_lost(self, market: Market) -> None:
        order_id = await authorized(market)
        await capture_there(market, order_id, 2500)
        await capture(market, order_id)
        await next_day(market)
        await market.owner_sql("update payments.stripe_records set found_at = found_at - interval '61 minutes'")
        assert await broken(market) == {}
        await market.owner_sql("update payments.refunds set card = 2500")
        assert list(await broken(market)) == [REFUNDS]


async def read_to_the_end(runtime: PaymentsRuntime, kind: Listed) -> None:
    """All pages that are left of that list."""
    more = True
    while more:
        more = await read_on(runtime, kind)


class TestReading:
    async def test_goes_on_where_it_was_broken_off(
        self, market: Market, connection: tuple[Faults, PaymentsRuntime]
    ) -> None:
        account = await market.account()
        form = {"amount": "100", "currency": "usd", "destination": account["stripe_account_id"]}
        for _ in range(101):
            assert (await market.stripe_api.post("/transfers", data=form)).status_code == 200
        faults, runtime = connection
        assert await read_on(runtime, Listed.TRANSFER)
        faults.method, faults.path, faults.answer = "GET", "/v1/transfers", (503, {"error": {}})
        assert not await read_on(runtime, Listed.TRANSFER)
        faults.answer = None
        await read_to_the_end(runtime, Listed.TRANSFER)
        [(count, looked)] = await market.sql(
            "select (select count(*) from payments.stripe_records where amount = 100), read_until is not null"
            " from payments.stripe_list_reads where kind = 'transfer'"
        )
        assert (count, looked) == (101, True)

    async def test_once_a_day_of_business_time(self, market: Market) -> None:
        await market.work()
        before = await market.sql("select read_until from payments.stripe_list_reads order by kind")
        await market.work()
        assert await market.sql("select read_until from payments.stripe_list_reads order by kind") == before
        await next_day(market)
        assert await market.sql("select read_until from payments.stripe_list_reads order by kind") != before

    async def test_a_look_that_does_not_end_is_found(
        self, market: Market, connection: tuple[Faults, PaymentsRuntime]
    ) -> None:
        faults, away = connection
        faults.method, faults.path, faults.answer = "GET", "/v1/refunds", (403, {"error": {"message": "No access."}})
        assert not await read_on(away, Listed.REFUND)
        assert await broken(market) == {}
        await market.owner_sql("update payments.stripe_list_reads set began_at = began_at - interval '25 hours'")
        assert await broken(market) == {UNENDED: ["refund"]}
        faults.answer = None
        await read_to_the_end(away, Listed.REFUND)
        assert await broken(market) == {}
