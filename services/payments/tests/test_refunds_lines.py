"""Refunds of orders of several lines: of which they are taken, and what they hold of a disputed one."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.delivery import events_of
from services.payments.orders.domain import OrderStatus
from services.payments.orders.repository import Orders
from services.payments.orders.settlement import move
from services.payments.tests.disputes import DISPUTED, Disputes
from services.payments.tests.sales import confirmed, earnings, line, paid, put, shown, usd
from services.payments.tests.scenes import Json, Market, Sale
from services.payments.tests.test_invariants import broken
from shared.events.booking import BookingConfirmed
from shared.events.payments import OrderRefunded
from shared.records.ids import new_id

ANNA, BEN = UUID(int=1), UUID(int=2)
OTHER = {"id": str(UUID(int=5)), "description": "Tea", "gross_amount": usd(100)}


class TestRefund:
    async def test_a_named_line_alone_is_reversed(self, market: Market) -> None:
        lines = [line(7000, ANNA), line(3000, BEN)]
        sale = await confirmed(market, lines)
        named = [{"line_id": lines[1]["id"], "amount": usd(1500)}]
        assert await market.refunded(sale, lines=named) == (1500, 0)
        assert await earnings(market, lines[0]) == [(5600, 1400, "pending")]
        assert await earnings(market, lines[1]) == [(1200, 300, "pending")]
        body = await shown(market, sale.order_id)
        assert [each["refunded"]["amount"] for each in body["lines"]] == [0, 1500]
        assert [each["commission_amount"]["amount"] for each in body["lines"]] == [1400, 300]
        [refund] = body["refunds"]
        assert (refund["status"], refund["card"]) == ("succeeded", usd(1500))
        [event] = [each for each in await events_of(market.runtime) if isinstance(each, OrderRefunded)]
        assert [(str(each.line_id), each.amount.amount) for each in event.lines] == [(lines[1]["id"], 1500)]
        assert (event.kind, str(event.refund_id)) == ("event", refund["id"])
        assert await broken(market) == {}

    async def test_rule_18_an_amount_is_spread_by_what_each_line_holds_ties_in_order(self, market: Market) -> None:
        lines = [line(1000, ANNA), line(1000, BEN), line(1000)]
        sale = await confirmed(market, lines)
        await market.refunded(sale, 1000)
        refunded = "select refunded from payments.order_lines order by position"
        assert await market.sql(refunded) == [(334,), (333,), (333,)]
        await market.refunded(sale)
        assert await market.sql(refunded) == [(1000,), (1000,), (1000,)]
        assert await broken(market) == {}

    async def test_rule_09_tenders_are_split_over_the_order(self, market: Market, buy_credits: Any) -> None:
        await buy_credits(4000)
        lines = [line(5000, ANNA), line(5000, BEN)]
        sale = await confirmed(market, lines, credits="max")
        named = [{"line_id": lines[0]["id"], "amount": usd(5000)}]
        assert await market.refunded(sale, lines=named) == (3000, 2000)
        assert await broken(market) == {}

    async def test_money_on_completed_is_taken_before_money_on_paid(self, market: Market) -> None:
        of = line(1000, ANNA, (50, "paid"), (50, "completed"))
        sale = await confirmed(market, [of])
        await market.refunded(sale, 400)
        assert await earnings(market, of) == [(400, 100, "pending"), (80, 20, "pending")]
        await market.refunded(sale, 200)
        assert await earnings(market, of) == [(320, 80, "pending"), (0, 0, "reversed")]

    async def test_also_where_the_refund_came_before_the_confirmation(self, market: Market) -> None:
        of = line(1000, ANNA, (50, "paid"), (50, "completed"))
        sale = await paid(market, [of])
        await market.refunded(sale, 600)
        await market.tell(BookingConfirmed(booking=sale.booking))
        assert await earnings(market, of) == [(320, 80, "pending"), (0, 0, "reversed")]
        assert await broken(market) == {}

    @pytest.mark.parametrize(
        ("lines", "status", "code"),
        [
            ([{"line_id": str(UUID(int=9)), "amount": usd(1)}], 422, "unknown_line"),
            ([{"line_id": OTHER["id"], "amount": usd(101)}], 422, "more_than_paid"),
            ([{"line_id": OTHER["id"], "amount": usd(1)}] * 2, 422, "duplicate_line"),
            ([{"line_id": OTHER["id"], "amount": {"amount": 1, "currency": "EUR"}}], 422, "unsupported_currency"),
        ],
    )
    async def test_wrong_lines_are_refused(self, market: Market, lines: list[Json], status: int, code: str) -> None:
        sale = await paid(market, [OTHER, line(5000, ANNA)])
        answer = await market.refund(sale, lines=lines)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (status, code), answer.text
        assert await market.sql("select id from payments.refunds") == []

    async def test_an_amount_and_lines_are_one_too_many(self, market: Market) -> None:
        sale = await paid(market, [OTHER])
        answer = await market.refund(sale, 1, lines=[{"line_id": OTHER["id"], "amount": usd(1)}])
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "one_needed")

    async def test_a_cancellation_takes_no_more_than_its_line_holds(self, market: Market) -> None:
        sale = await paid(market, [OTHER, line(5000, ANNA)])
        named = [{"line_id": OTHER["id"], "amount": usd(300)}]
        assert await market.refunded(sale, lines=named, cancels=True) == (100, 0)
        again = await market.refund(sale, lines=named, cancels=True)
        assert (again.status_code, again.json()["code"]) == (409, "nothing_to_refund")

    async def test_of_what_is_not_paid_nothing_can_be_refunded_by_line_either(self, market: Market) -> None:
        order = (await put(market, [OTHER])).json()
        sale = Sale(UUID(order["order_id"]), market.snapshot(new_id(), order))
        answer = await market.refund(sale, lines=[{"line_id": OTHER["id"], "amount": usd(50)}])
        assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_refund")

    async def test_rule_09_of_late_money_no_more_is_refunded_by_line_than_came(
        self, market: Market, buy_credits: Any, intent_of: Any
    ) -> None:
        await buy_credits(4000)
        of = line(10_000, ANNA)
        order = (await put(market, [of], credits="max")).json()
        async with market.runtime.db.transaction() as session:
            await move(session, await Orders(session).get(UUID(order["order_id"]), lock=True), OrderStatus.CANCELLED)
        path = f"/payment_intents/{await intent_of(order['order_id'])}/confirm"
        await market.stripe_api.post(path, data={"payment_method": "pm_card_visa"})
        await market.owner_sql("update payments.orders set check_at = now() - interval '1 hour'")
        await market.work()
        sale = Sale(UUID(order["order_id"]), market.snapshot(new_id(), order))
        answer = await market.refund(sale, lines=[{"line_id": of["id"], "amount": usd(10_000)}])
        assert (answer.status_code, answer.json()["code"]) == (422, "more_than_paid")
        assert await market.refunded(sale, lines=[{"line_id": of["id"], "amount": usd(6000)}]) == (6000, 0)
        assert await broken(market) == {}


class TestManyAtOnce:
    async def test_practitioners_are_locked_in_one_order_whatever_order_their_lines_have(self, market: Market) -> None:
        sold = [[line(2000, first), line(2000, second)] for first, second in [(ANNA, BEN), (BEN, ANNA)] * 4]
        sales = [await confirmed(market, lines) for lines in sold]
        refunds = [market.refund(sale, 100 + number) for number in range(3) for sale in sales]
        answers = await asyncio.gather(*refunds)
        assert {answer.status_code for answer in answers} == {200}
        assert await broken(market) == {}


class TestDispute:
    async def test_all_who_sell_in_the_order_are_held_and_let_go(self, market: Market, disputes: Disputes) -> None:
        lines = [line(7000, ANNA), line(3000, BEN, (100, "paid"))]
        sale = await confirmed(market, lines, card=DISPUTED)
        market.clock.advance(timedelta(hours=24))
        await market.work()
        await disputes.heard(sale)
        assert [(await earnings(market, each))[0][2] for each in lines] == ["held", "held"]
        assert (await shown(market, sale.order_id))["chargeback"] == "open"
        assert await broken(market) == {}
        await disputes.ended(sale, "won")
        assert [(await earnings(market, each))[0][2] for each in lines] == ["pending", "available"]
        assert (await shown(market, sale.order_id))["chargeback"] == "won"
        assert await broken(market) == {}
