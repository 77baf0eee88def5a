"""Orders of several lines: how they open, and what each line earns."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import service_headers
from devtools.testing.delivery import events_of
from devtools.testing.observation import statements
from services.payments.earnings.accrual import earn
from services.payments.earnings.service import complete
from services.payments.orders.domain import OrderStatus
from services.payments.orders.repository import Orders
from services.payments.orders.settlement import move
from services.payments.tests.sales import confirmed, earnings, ended, line, paid, put, revenue, shown, usd
from services.payments.tests.scenes import Json, Market
from services.payments.tests.test_invariants import broken
from shared.events.booking import BookingConfirmed
from shared.events.payments import EarningAccrued, PaymentSucceeded
from shared.records.ids import new_id

ANNA, BEN = UUID(int=1), UUID(int=2)
WAITING = "select pid from pg_locks where not granted"
OTHER = {"id": str(UUID(int=5)), "description": "Tea", "gross_amount": usd(100)}


class TestOpen:
    async def test_the_lines_sum_to_the_total_and_are_shown_in_their_order(self, market: Market) -> None:
        subject, booking = str(new_id()), str(new_id())
        lines = [
            line(7000, ANNA, booking_id=booking, subject_id=subject),
            line(2500, BEN, subject_id=subject, description="Massage"),
            line(500, None, subject_id=subject, description="Fee"),
        ]
        sale = await paid(market, lines)
        body = await shown(market, sale.order_id)
        assert (body["kind"], body["total"], body["booking_id"]) == ("event", usd(10_000), None)
        assert (body["price"], body["discount"], body["tax"]) == (usd(10_000), usd(0), usd(0))
        assert body["chargeback"] is None
        assert [each["description"] for each in body["lines"]] == ["Morning yoga", "Massage", "Fee"]
        assert body["lines"][0] == {
            "id": lines[0]["id"],
            "practitioner_id": str(ANNA),
            "booking_id": booking,
            "pass_session_id": None,
            "subject_id": subject,
            "description": "Morning yoga",
            "gross_amount": usd(7000),
            "tax": usd(0),
            "commission_rate": "0.2000",
            "commission_amount": usd(1400),
            "refunded": usd(0),
        }
        assert body["lines"][2]["commission_amount"] == usd(0)
        [event] = [each for each in await events_of(market.runtime) if isinstance(each, PaymentSucceeded)]
        assert (event.kind, str(event.subject_id), event.booking_id) == ("event", subject, None)

    async def test_rule_08_the_same_id_again_is_the_same_order(self, market: Market) -> None:
        order_id, lines = new_id(), [line(100, ANNA), line(200, BEN)]
        first = await put(market, lines, order_id=order_id, expires_at="2026-12-24T00:00:00Z")
        again = await put(market, lines, order_id=order_id, expires_at="2026-12-24T00:00:00Z")
        assert (first.status_code, again.json()) == (200, first.json())

    async def test_rule_08_the_same_id_for_something_else_is_refused(self, market: Market) -> None:
        order_id, lines = new_id(), [line(1000, ANNA, (50, "paid"), (50, "completed")), line(500)]
        assert (await put(market, lines, order_id=order_id)).status_code == 200
        one, two = lines
        changed = [
            [one],
            [two, one],
            [one | {"gross_amount": usd(1001)}, two],
            [one | {"practitioner_id": str(BEN)}, two],
            [one | {"subject_id": str(BEN)}, two],
            [one | {"releases": None}, two],
            [one | {"id": str(new_id())}, two],
        ]
        asked: list[Json] = [{"lines": each} for each in changed]
        for more in [*asked, {"lines": lines, "kind": "fee"}, {"lines": lines, "client_id": str(new_id())}]:
            answer = await put(market, order_id=order_id, **more)
            assert (answer.status_code, answer.json()["code"]) == (409, "order_changed"), more
        named_anew = [one | {"description": "Evening yoga"}, two]
        assert (await put(market, named_anew, order_id=order_id, title="Retreats")).status_code == 200

    async def test_the_body_of_the_release_before_is_one_line(self, market: Market) -> None:
        made = await market.sale()
        [sold] = (await shown(market, made.order_id))["lines"]
        assert (sold["booking_id"], sold["practitioner_id"]) == (str(made.booking.id), str(market.practitioner_id))
        assert (sold["gross_amount"], sold["description"]) == (usd(10_000), "Morning yoga")

    @pytest.mark.parametrize(
        ("more", "field"),
        [
            ({"promo_code": "X"}, "promo_code"),
            ({"lines": [OTHER]}, "booking_id"),
            ({"kind": "gift"}, "booking_id"),
            ({"booking_id": "x"}, "booking_id"),
            ({"booking_id": None}, "id"),
        ],
    )
    async def test_the_body_of_the_release_before_takes_what_it_took_and_no_lines(
        self, market: Market, more: Json, field: str
    ) -> None:
        body: Json = {"client_id": str(market.client_id), "booking_id": str(new_id()), "practitioner_id": str(ANNA)}
        body |= {"title": "Yoga", "total": usd(100), "expires_at": "2026-12-24T00:00:00Z"} | more
        answer = await market.api.put(f"/internal/orders/{new_id()}/", json=body, headers=service_headers())
        assert answer.status_code == 422, answer.text
        assert field in [error["field"] for error in answer.json()["errors"]]

    @pytest.mark.parametrize(
        ("lines", "field", "code"),
        [
            ([], "lines", "too_short"),
            ([line(100, ANNA, (50, "paid"), (40, "completed"))], "lines.0.releases", "not_hundred_percent"),
            ([line(100, ANNA, (100, "never"))], "lines.0.releases.0.on", "literal_error"),
            ([line(100, ANNA, (0, "paid"), (100, "completed"))], "lines.0.releases.0.percent", "greater_than_equal"),
            ([OTHER, OTHER], "lines", "duplicate_line"),
            ([line(60_000_000), line(60_000_000)], "lines", "too_large"),
            ([line(-1, ANNA)], "lines.0.gross_amount.amount", "greater_than_equal"),
            ([line(100, ANNA, promo_code="X")], "lines.0.promo_code", "extra_forbidden"),
            ([line(100), line(5, gross_amount={"amount": 5, "currency": "EUR"})], "lines.1.gross_amount.currency", ""),
        ],
    )
    async def test_what_cannot_be_sold_is_refused_by_its_field(
        self, market: Market, lines: list[Json], field: str, code: str
    ) -> None:
        answer = await put(market, lines)
        assert answer.status_code == 422, answer.text
        [error] = answer.json()["errors"]
        assert (error["field"], error["code"]) == (field, code or "unsupported_currency")
        assert await market.sql("select id from payments.orders") == []

    @pytest.mark.parametrize("kind", ["credits", "tombstone", "gift_card", "nothing"])
    async def test_other_kinds_are_not_opened_so(self, market: Market, kind: str) -> None:
        assert (await put(market, [line(100, ANNA)], kind)).status_code == 422

    async def test_a_line_is_in_one_order_only(self, market: Market) -> None:
        sold = line(100, ANNA)
        assert (await put(market, [sold])).status_code == 200
        answer = await put(market, [line(100, BEN), sold])
        assert (answer.status_code, answer.json()["code"]) == (409, "order_closed")
        assert len(await market.sql("select id from payments.orders")) == 1


class TestEarning:
    async def test_all_lines_earn_with_the_purchase_each_at_its_own_rate(self, market: Market) -> None:
        await market.owner_sql(f"insert into payments.commission_terms values ('{BEN}', 0.1, now())")
        lines = [line(7000, ANNA), line(2500, BEN), line(500)]
        sale = await paid(market, lines)
        assert await earnings(market, lines[0]) == []
        await market.tell(BookingConfirmed(booking=sale.booking))
        assert await earnings(market, lines[0]) == [(5600, 1400, "pending")]
        assert await earnings(market, lines[1]) == [(2250, 250, "pending")]
        assert await revenue(market, "platform_revenue") == 1400 + 250 + 500
        accrued = [each for each in await events_of(market.runtime) if isinstance(each, EarningAccrued)]
        assert [(each.practitioner_id, each.kind) for each in accrued] == [(ANNA, "event"), (BEN, "event")]
        assert await broken(market) == {}

    async def test_releases_split_the_net_half_up_and_the_last_takes_the_rest(self, market: Market) -> None:
        of = line(1001, ANNA, (33, "paid"), (33, "completed"), (34, "completed"))
        await confirmed(market, [of])
        assert await earnings(market, of) == [(264, 66, "pending"), (264, 66, "pending"), (273, 68, "pending")]
        assert await broken(market) == {}

    async def test_what_is_released_on_payment_waits_a_hold_period_after_it(self, market: Market) -> None:
        of, other = line(1000, ANNA, (50, "paid"), (50, "completed")), line(1000, ANNA)
        sale = await confirmed(market, [of, other])
        market.clock.advance(timedelta(hours=24))
        await market.work()
        assert [each[2] for each in await earnings(market, of)] == ["available", "pending"]
        await ended(market, sale, of)
        market.clock.advance(timedelta(hours=24))
        await market.work()
        assert [each[2] for each in await earnings(market, of)] == ["available", "available"]
        assert [each[2] for each in await earnings(market, other)] == ["pending"]
        assert await broken(market) == {}

    async def test_a_line_that_ended_before_its_purchase_was_heard_of_earns_as_ended(self, market: Market) -> None:
        of, other = line(1000, ANNA, (50, "paid"), (50, "completed")), line(1000, ANNA)
        sale = await paid(market, [of, other])
        await ended(market, sale, of)
        market.clock.advance(timedelta(hours=1))
        await market.tell(BookingConfirmed(booking=sale.booking))
        assert [each[2] for each in await earnings(market, of)] == ["pending", "pending"]
        market.clock.advance(timedelta(hours=23))
        await market.work()
        assert [each[2] for each in await earnings(market, of)] == ["available", "available"]
        assert [each[2] for each in await earnings(market, other)] == ["pending"]

    async def test_a_line_that_ends_in_the_moment_it_earns_has_ended(self, market: Market) -> None:
        of, db, now = line(1000, ANNA), market.runtime.db, market.clock.now()
        sale = await paid(market, [of])

        async def end() -> None:
            async with db.transaction() as session:
                await complete(session, sale.booking.id, UUID(of["id"]), now, timedelta(hours=24))

        async with db.transaction() as session:
            await earn(session, await Orders(session).get(sale.order_id, lock=True))
            ending = asyncio.create_task(end())
            while not await market.sql(WAITING):  # noqa: ASYNC110 (Postgres publishes no wait for a lock)
                await asyncio.sleep(0.01)
        await ending
        assert await market.sql("select completed_at from payments.earnings") == [(now,)]

    @pytest.mark.parametrize(
        ("kind", "account"), [("subscription", "subscription_revenue"), ("fee", "platform_revenue")]
    )
    async def test_what_the_platform_sells_is_revenue_when_it_is_paid(
        self, market: Market, kind: str, account: str
    ) -> None:
        sale = await paid(market, [line(2900)], kind)
        assert await revenue(market, account) == 2900
        assert await market.refunded(sale, 900) == (900, 0)
        assert await revenue(market, account) == 2000
        assert await broken(market) == {}

    async def test_a_subscription_earns_at_payment_and_is_available_a_hold_period_later(self, market: Market) -> None:
        of = line(1000, market.practitioner_id)
        await paid(market, [of], "subscription")
        assert await earnings(market, of) == [(800, 200, "pending")]
        [entry] = await market.entries()
        assert (entry["kind"], entry["line_id"], entry["booking_id"]) == ("subscription", of["id"], None)
        assert (entry["milestone"], entry["tax_amount"]) == (None, usd(0))
        market.clock.advance(timedelta(hours=24))
        await market.work()
        assert await earnings(market, of) == [(800, 200, "available")]

    async def test_rule_05_late_money_earns_nothing_until_it_is_taken_again(
        self, market: Market, close_order: Any, intent_of: Any
    ) -> None:
        of = line(1000, ANNA)
        order = (await put(market, [of], "subscription")).json()
        path = f"/payment_intents/{await intent_of(order['order_id'])}/confirm"
        await market.owner_sql("update payments.orders set status = 'cancelled', closing_at = now()")
        await market.stripe_api.post(path, data={"payment_method": "pm_card_visa"})
        await close_order(order["order_id"])
        await market.owner_sql("update payments.orders set check_at = now() - interval '1 hour'")
        await market.work()
        assert await market.sql("select status from payments.orders") == [("paid_late",)]
        assert await earnings(market, of) == []
        url = f"/internal/orders/{order['order_id']}/retake/"
        assert (await market.api.post(url, headers=service_headers())).json()["status"] == "paid"
        assert await earnings(market, of) == [(800, 200, "pending")]
        assert await broken(market) == {}

    async def test_rule_05_a_purchase_confirmed_with_late_money_spends_its_credits_again(
        self, market: Market, buy_credits: Any, balance: Any, intent_of: Any
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
        assert await balance() == (4000, 0)
        await market.tell(BookingConfirmed(booking=market.snapshot(new_id(), order)))
        assert await balance() == (0, 0)
        assert await earnings(market, of) == [(8000, 2000, "pending")]
        assert await broken(market) == {}


class TestEffort:
    async def test_one_line_takes_as_few_statements_as_an_order_without_lines_took(self, market: Market) -> None:
        await market.refunded(await market.sale())
        db = market.runtime.db
        with statements(db) as selling:
            sale = await market.sale()
        with statements(db) as refunding:
            await market.refunded(sale, 1000)
        assert (len(selling), len(refunding)) == (18, 30)

    async def test_twelve_lines_of_one_practitioner_are_written_as_one_is(self, market: Market) -> None:
        await market.runtime.db.ping()
        with statements(market.runtime.db) as opening:
            answer = await put(market, [line(100, ANNA) for _ in range(12)])
        assert answer.status_code == 200, answer.text
        names = ("payments.order_lines", "payments.commission_terms")
        assert [sum(name in each for each in opening) for name in names] == [1, 1]
