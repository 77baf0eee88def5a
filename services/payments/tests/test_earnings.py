"""Earnings from confirmation to release, and what refunds and debt do to them."""

from datetime import timedelta
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of, run_jobs
from services.payments.earnings.jobs import release_earnings
from services.payments.ledger.domain import Leg, platform_revenue, stripe_clearing
from services.payments.ledger.service import post
from services.payments.tests.scenes import Market, Sale
from shared.events.booking import BookingConfirmed
from shared.events.payments import EarningAccrued, EarningAvailable, EarningReversed
from shared.records.ids import derived_id, new_id

HOUR = timedelta(hours=1)
PATHS = ["earnings/", "earnings/summary/", "transactions/"]


class TestAccrual:
    async def test_a_confirmed_booking_is_pending_at_the_free_rate(self, market: Market) -> None:
        sale = await market.sale(12_500)
        (entry,) = await market.entries()
        assert entry["booking_id"] == str(sale.booking.id)
        assert entry["gross_amount"] == {"amount": 12_500, "currency": "USD"}
        assert entry["commission_rate"] == "0.2000"
        assert entry["commission_amount"]["amount"] == 2500
        assert entry["net_amount"]["amount"] == 10_000
        assert (entry["status"], entry["available_at"]) == ("pending", None)
        assert await market.summary() == {"pending": 10_000}

    async def test_commission_is_taken_of_the_total_with_credits(self, market: Market, buy_credits: object) -> None:
        await buy_credits(6000)  # type: ignore[operator]  # a fixture without a type
        await market.sale(10_000, "max")
        assert await market.summary() == {"pending": 8000}

    async def test_a_booking_paid_by_credits_alone_earns_the_same(self, market: Market, buy_credits: object) -> None:
        await buy_credits(10_000)  # type: ignore[operator]  # a fixture without a type
        await market.sale(10_000, "max")
        assert await market.summary() == {"pending": 8000}

    async def test_a_free_booking_earns_nothing(self, market: Market) -> None:
        await market.sale(0)
        assert await market.entries() == []

    async def test_the_same_confirmation_as_another_event_changes_nothing(self, market: Market) -> None:
        sale = await market.sale()
        await market.tell(BookingConfirmed(booking=sale.booking))
        assert await market.summary() == {"pending": 8000}

    async def test_rule_10_the_rate_is_the_one_of_the_sale(self, market: Market) -> None:
        sale = await market.paid_order(10_000)
        await market.owner_sql(
            "insert into payments.commission_terms (practitioner_id, rate, updated_at)"
            f" values ('{market.practitioner_id}', 0.1, now())"
        )
        await market.tell(BookingConfirmed(booking=sale.booking))
        await market.sale(10_000)
        nets = [entry["net_amount"]["amount"] for entry in await market.entries()]
        assert sorted(nets) == [8000, 9000]

    async def test_the_escrow_of_the_order_is_empty_afterwards(self, market: Market) -> None:
        await market.sale(9999)
        rows = await market.sql(
            "select sum(case when a.id = t.credit_id then t.amount else -t.amount end) from payments.ledger_transfers t"
            " join payments.ledger_accounts a on a.id in (t.debit_id, t.credit_id) and a.kind = 'order_escrow'"
        )
        assert rows[0][0] == 0


class TestRelease:
    async def test_available_exactly_one_hold_period_after_completion(self, market: Market) -> None:
        sale = await market.sale()
        await market.complete(sale)
        market.clock.advance(24 * HOUR - timedelta(seconds=1))
        await market.work()
        assert await market.summary() == {"pending": 8000}
        market.clock.advance(timedelta(seconds=1))
        await market.work()
        assert await market.summary() == {"available": 8000}

    async def test_the_hold_counts_from_completion_not_from_its_delivery(self, market: Market) -> None:
        sale = await market.sale()
        await market.complete(sale, market.clock.now() - 20 * HOUR)
        market.clock.advance(4 * HOUR)
        await market.work()
        assert await market.summary() == {"available": 8000}

    async def test_a_no_show_earns_too(self, market: Market) -> None:
        sale = await market.sale()
        await market.complete(sale, no_show=True)
        market.clock.advance(24 * HOUR)
        await market.work()
        assert await market.summary() == {"available": 8000}

    async def test_a_second_completion_does_not_restart_the_hold(self, market: Market) -> None:
        sale = await market.sale()
        await market.complete(sale)
        market.clock.advance(23 * HOUR)
        await market.complete(sale)
        market.clock.advance(HOUR)
        await market.work()
        assert await market.summary() == {"available": 8000}

    async def test_without_completion_nothing_is_released(self, market: Market) -> None:
        await market.sale()
        market.clock.advance(1000 * HOUR)
        await market.work()
        assert await market.summary() == {"pending": 8000}

    async def test_events_tell_of_every_step(self, market: Market) -> None:
        sale = await market.earned()
        await market.refunded(sale, 2500)
        published = [
            e
            for e in await events_of(market.runtime)
            if isinstance(e, EarningAccrued | EarningAvailable | EarningReversed)
        ]
        assert [type(event) for event in published] == [EarningAccrued, EarningAvailable, EarningReversed]
        assert published[2].amount.amount == 2000  # type: ignore[union-attr]  # of the event that is expected there


class TestCancellation:
    async def test_what_is_kept_is_earned_at_the_frozen_rate(self, market: Market) -> None:
        sale = await market.sale()
        await market.refunded(sale, 5000, cancels=True)
        await market.cancel(sale, kept=5000)
        (entry,) = await market.entries()
        assert (entry["gross_amount"]["amount"], entry["net_amount"]["amount"]) == (5000, 4000)
        assert (entry["status"], entry["commission_amount"]["amount"]) == ("pending", 1000)
        market.clock.advance(24 * HOUR)
        await market.work()
        assert await market.summary() == {"available": 4000, "reversed": 4000}

    async def test_the_event_may_come_before_the_refund(self, market: Market) -> None:
        sale = await market.sale()
        await market.cancel(sale, kept=5000)
        await market.refunded(sale, 5000, cancels=True)
        market.clock.advance(24 * HOUR)
        await market.work()
        assert await market.summary() == {"available": 4000, "reversed": 4000}

    async def test_a_full_refund_reverses_it(self, market: Market) -> None:
        sale = await market.sale()
        await market.refunded(sale)
        await market.cancel(sale, kept=0)
        (entry,) = await market.entries()
        assert (entry["status"], entry["net_amount"]["amount"]) == ("reversed", 8000)
        assert await market.summary() == {"reversed": 8000}

    async def test_nothing_kept_and_not_yet_refunded_is_never_released(self, market: Market) -> None:
        sale = await market.sale()
        await market.cancel(sale, kept=0)
        market.clock.advance(100 * HOUR)
        await market.work()
        assert await market.summary() == {"pending": 8000}


class TestReversal:
    @pytest.mark.parametrize("parts", [[1, 1, 1, 9996], [3333, 3333, 3333], [9999]])
    async def test_rule_18_partial_reversals_end_at_zero(self, market: Market, parts: list[int]) -> None:
        sale = await market.sale(9999)
        for part in parts:
            await market.refunded(sale, part)
        assert await market.summary() == {"reversed": 7999}
        rows = await market.sql("select kind, sum(case when a.id = t.credit_id then t.amount else -t.amount end)"
            " from payments.ledger_transfers t join payments.ledger_accounts a on a.id in (t.debit_id, t.credit_id)"
            " group by kind")  # fmt: skip
        assert {row[1] for row in rows} == {0}

    async def test_rule_10_a_refund_reverses_commission_in_proportion(self, market: Market) -> None:
        sale = await market.sale()
        await market.refunded(sale, 2500)
        (entry,) = await market.entries()
        amounts = [entry[name]["amount"] for name in ("gross_amount", "commission_amount", "net_amount")]
        assert amounts == [7500, 1500, 6000]

    async def test_a_refund_before_the_confirmation_arrives_counts_all_the_same(self, market: Market) -> None:
        sale = await market.paid_order()
        await market.refunded(sale, 2500)
        await market.tell(BookingConfirmed(booking=sale.booking))
        await market.refunded(sale, 2500)
        assert await market.summary() == {"pending": 4000, "reversed": 4000}

    async def test_a_full_refund_before_the_confirmation_leaves_a_reversed_entry(self, market: Market) -> None:
        sale = await market.paid_order()
        await market.refunded(sale)
        await market.tell(BookingConfirmed(booking=sale.booking))
        assert [entry["status"] for entry in await market.entries()] == ["reversed"]
        assert await market.summary() == {"reversed": 8000}

    async def test_available_money_is_taken_back(self, market: Market) -> None:
        sale = await market.earned()
        await market.refunded(sale, 5000)
        assert await market.summary() == {"available": 4000, "reversed": 4000}


class TestDebt:
    async def test_rule_11_a_refund_after_payout_becomes_debt_that_the_next_earning_repays(
        self, market: Market
    ) -> None:
        account = await market.account()
        sale = await market.earned()
        await market.paid_out()
        assert await market.summary() == {"paid": 8000}
        assert await market.refunded(sale) == (10_000, 0)
        assert await market.summary() == {"paid": 8000, "reversed": 8000, "debt": 8000}
        await market.earned(5000)
        assert await market.summary() == {"paid": 8000, "reversed": 8000, "debt": 4000}
        await market.earned(20_000)
        assert await market.summary() == {"paid": 8000, "reversed": 8000, "available": 12_000}
        (transfer,) = await market.transfers(account)
        assert transfer["amount_reversed"] == 0

    async def test_rule_11_refunding_what_repaid_debt_makes_debt_again(self, market: Market) -> None:
        await market.account()
        first = await market.earned()
        await market.paid_out()
        await market.refunded(first)
        second = await market.earned()
        assert await market.summary() == {"paid": 8000, "reversed": 8000}
        await market.refunded(second)
        assert await market.summary() == {"paid": 8000, "reversed": 16_000, "debt": 8000}

    async def test_what_repaid_debt_is_never_paid_out(self, market: Market) -> None:
        await market.account()
        first = await market.earned()
        await market.paid_out()
        await market.refunded(first)
        await market.earned(20_000)
        payout_id = await market.paid_out()
        assert (await market.show(payout_id))["amount"]["amount"] == 8000
        assert await market.summary() == {"paid": 16_000, "reversed": 8000}


class TestRoutes:
    @pytest.mark.parametrize("path", PATHS)
    async def test_anonymous_is_401_and_a_client_403(self, market: Market, path: str) -> None:
        assert (await market.api.get(f"/api/v1/practitioner/{path}")).status_code == 401
        assert (await market.api.get(f"/api/v1/practitioner/{path}", headers=headers_for())).status_code == 403

    async def test_another_practitioner_sees_none_of_it(self, market: Market) -> None:
        await market.sale()
        other = headers_for(new_id(), ("user", "practitioner"), new_id())
        for path in ("earnings/", "transactions/"):
            assert (await market.api.get(f"/api/v1/practitioner/{path}", headers=other)).json()["total"] == 0
        summary = (await market.api.get("/api/v1/practitioner/earnings/summary/", headers=other)).json()
        assert {money["amount"] for money in summary.values()} == {0}
        assert list(summary) == ["pending", "held", "available", "in_payout", "paid", "reversed", "debt"]

    async def test_the_list_filters_by_status_and_pages(self, market: Market) -> None:
        await market.sale()
        await market.earned()
        url = "/api/v1/practitioner/earnings/"
        listed = (await market.api.get(f"{url}?status=available&limit=1", headers=market.practitioner)).json()
        assert (listed["total"], listed["limit"], listed["has_more"]) == (1, 1, False)
        assert (await market.api.get(f"{url}?status=nonsense", headers=market.practitioner)).status_code == 422

    async def test_transactions_are_the_sellers_side_of_the_ledger(self, market: Market) -> None:
        sale = await market.earned()
        listed = (await market.api.get("/api/v1/practitioner/transactions/", headers=market.practitioner)).json()
        lines = [(line["reason"], line["from_account"], line["to_account"]) for line in listed["results"]]
        assert lines == [
            ("earning_released", "seller_pending", "seller_available"),
            ("earning_accrued", "order_escrow", "seller_pending"),
        ]
        assert listed["results"][0]["booking_id"] == str(sale.booking.id)
        oldest = await market.api.get(
            "/api/v1/practitioner/transactions/?ordering=created_at", headers=market.practitioner
        )
        assert oldest.json()["results"] == listed["results"][::-1]

    async def test_jobs_are_idle_when_nothing_is_due(self, market: Market) -> None:
        await run_jobs(market.app)
        assert await market.summary() == {}

    async def test_a_seller_whose_release_fails_stops_no_other(self, market: Market) -> None:
        for practitioner_id in (market.practitioner_id, new_id()):
            order = await market.open_order(10_000, None, practitioner_id=str(practitioner_id))
            await market.pay(order["order_id"])
            sale = Sale(UUID(order["order_id"]), market.snapshot(UUID(order["order_id"]), order))
            await market.tell(BookingConfirmed(booking=sale.booking))
        await market.owner_sql("update payments.earnings set available_at = now() - interval '400 days'")
        ((earning_id,),) = await market.sql(
            "select id from payments.earnings where practitioner_id = :id", id=market.practitioner_id
        )
        async with market.runtime.db.transaction() as session:
            other = Leg(stripe_clearing("USD"), platform_revenue("USD"), 1)
            await post(session, derived_id(earning_id, "released"), "in the way", [other], {})
        assert await release_earnings(market.runtime) == 1
        rows = await market.sql(
            "select practitioner_id = :id, status from payments.earnings", id=market.practitioner_id
        )
        assert sorted(tuple(row) for row in rows) == [(False, "available"), (True, "pending")]
