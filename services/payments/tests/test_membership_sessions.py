"""Sessions of memberships: what they pay, who bears it, and when they come back."""

import asyncio
from collections import Counter
from datetime import timedelta
from uuid import UUID

import httpx2
import pytest

from devtools.testing.callers import headers_for, service_headers
from services.payments.orders.repository import OrderLines
from services.payments.tests.members import ADMIN_PLANS, Member, club, money
from services.payments.tests.scenes import Json, Market, Sale
from services.payments.tests.subscribers import Subscriber
from shared.events.booking import BookingConfirmed
from shared.records.ids import new_id


@pytest.fixture
def member(market: Market, subscriber: Subscriber) -> Member:
    return Member(market, subscriber)


def refusal(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def order_of(member: Member, sale: Sale) -> Json:
    path = f"/api/v1/payments/orders/{sale.order_id}/"
    answer = await member.market.api.get(path, headers=headers_for(member.market.client_id))
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def sessions_of(member: Member) -> list[tuple[int, int]]:
    rows = await member.market.sql("select sessions, used from payments.membership_grants order by number, created_at")
    return [tuple(row) for row in rows]


class TestUse:
    async def test_it_pays_all_of_the_price_at_once(self, member: Member) -> None:
        made = await member.join()
        sale = await member.book(5000)
        order = await order_of(member, sale)
        assert (order["status"], order["kind"]) == ("paid", "booking")
        figures = {name: order[name]["amount"] for name in ("price", "discount", "tax", "total", "amount_due")}
        assert figures == {"price": 5000, "discount": 5000, "tax": 0, "total": 0, "amount_due": 0}
        assert [line["gross_amount"]["amount"] for line in order["lines"]] == [0]
        assert order["lines"][0]["commission_amount"] == money(1000)
        assert await member.benefits(made) == (1000, 1)
        balances = await member.balances()
        assert (balances["promotion_costs"], balances["order_escrow"]) == (-6000, 5000)

    async def test_stripe_is_not_asked(self, member: Member) -> None:
        await member.join()
        await member.book()
        assert await member.subscriber.paid() == [3000]
        intents = await member.market.sql("select intent_id from payments.orders where discount > 0")
        assert intents == [(None,)]

    async def test_the_same_order_again_is_the_same_session(self, member: Member) -> None:
        made = await member.join()
        order_id, booking_id = new_id(), new_id()
        answers = [await member.ask(order_id=order_id, booking_id=booking_id) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200] * 3
        assert await member.benefits(made) == (1000, 1)

    async def test_the_practitioner_earns_the_full_price(self, member: Member) -> None:
        await member.join()
        sale = await member.booked(5001)
        [entry] = await member.market.entries()
        assert (entry["status"], entry["gross_amount"], entry["commission_rate"]) == ("pending", money(5001), "0.2000")
        assert (entry["commission_amount"], entry["net_amount"]) == (money(1000), money(4001))
        await member.market.complete(sale)
        member.market.clock.advance(timedelta(hours=24))
        await member.market.work()
        assert await member.market.summary() == {"available": 4001}

    async def test_and_is_paid_out(self, member: Member) -> None:
        await member.join(session_value=money(20_000))
        await member.market.account()
        sale = await member.booked(20_000)
        await member.market.complete(sale)
        member.market.clock.advance(timedelta(hours=24))
        await member.market.work()
        await member.market.paid_out()
        assert await member.market.summary() == {"paid": 16_000}
        balances = await member.balances()
        assert (balances["promotion_costs"], balances["platform_revenue"]) == (-21_000, 4000)

    async def test_the_volume_of_the_month_counts_it(self, member: Member) -> None:
        await member.join()
        await member.booked(6000)
        async with member.market.runtime.db.read() as session:
            since = member.market.clock.now() - timedelta(days=1)
            assert await OrderLines(session).kept_since(member.market.practitioner_id, since) == 6000


class TestRefusals:
    async def test_who_has_no_membership(self, member: Member) -> None:
        assert refusal(await member.ask()) == (403, "subscription_required")
        await member.subscriber.active()
        assert refusal(await member.ask()) == (403, "subscription_required")

    async def test_one_that_is_not_paid(self, member: Member) -> None:
        await member.offer()
        await member.subscriber.subscribe("club")
        assert refusal(await member.ask()) == (403, "subscription_required")

    async def test_one_that_has_ended(self, member: Member) -> None:
        made = await member.join()
        await member.subscriber.change(made["id"], "cancel")
        member.market.clock.advance(timedelta(days=30))
        assert (await member.ask()).status_code == 200
        await member.subscriber.at(made["current_period_end"])
        assert refusal(await member.ask()) == (403, "subscription_required")

    async def test_a_trial_has_access_and_no_sessions(self, member: Member) -> None:
        plan = club() | {"trial_days": 7}
        await member.market.api.post(ADMIN_PLANS, json=plan, headers=member.market.staff)
        await member.subscriber.wallet.save()
        await member.subscriber.subscribe("club")
        assert refusal(await member.ask(6000)) == (409, "no_sessions_left")
        assert refusal(await member.ask(6001)) == (422, "not_covered")

    @pytest.mark.parametrize(("price", "status"), [(0, 422), (1, 200), (6000, 200), (6001, 422)])
    async def test_the_price_is_covered_up_to_the_value_of_a_session(
        self, member: Member, price: int, status: int
    ) -> None:
        made = await member.join()
        answer = await member.ask(price)
        assert answer.status_code == status, answer.text
        if status == 422:
            assert refusal(answer) == (422, "not_covered")
            assert [error["field"] for error in answer.json()["errors"]] == ["use_membership"]
        assert await member.benefits(made) == (1000, 1 if status == 200 else 2)

    async def test_what_is_used_up_comes_with_the_next_period(self, member: Member) -> None:
        made = await member.join()
        for _ in range(2):
            await member.book()
        assert refusal(await member.ask()) == (409, "no_sessions_left")
        await member.subscriber.at(made["current_period_end"])
        assert await member.benefits(made) == (1000, 2)
        assert (await member.ask()).status_code == 200

    async def test_what_is_left_does_not_go_to_the_next_period(self, member: Member) -> None:
        made = await member.join()
        await member.subscriber.at(made["current_period_end"])
        await member.book()
        assert await sessions_of(member) == [(2, 0), (2, 1)]

    async def test_nobody_uses_those_of_a_period_that_is_not_paid(self, member: Member) -> None:
        made = await member.join()
        await member.subscriber.wallet.run("delete from payments.payment_methods")
        await member.subscriber.at(made["current_period_end"])
        assert (await member.subscriber.show(made["id"]))["status"] == "past_due"
        assert refusal(await member.ask()) == (409, "no_sessions_left")

    @pytest.mark.parametrize(
        "more",
        [
            {"credits": "max"},
            {"credits": money(100)},
            {"payment_method_id": str(UUID(int=1))},
            {"capture": "manual"},
        ],
        ids=["max", "credits", "card", "manual"],
    )
    async def test_it_pays_alone(self, member: Member, more: Json) -> None:
        await member.join()
        answer = await member.ask(**more)
        assert answer.status_code == 422
        [error] = answer.json()["errors"]
        assert (error["field"], error["code"]) == ("use_membership", "not_combinable")
        assert await sessions_of(member) == [(2, 0)]

    async def test_another_order_with_that_id_is_refused(self, member: Member) -> None:
        await member.join()
        order_id, booking_id = new_id(), new_id()
        await member.ask(order_id=order_id, booking_id=booking_id)
        again = await member.ask(order_id=order_id, booking_id=booking_id, use_membership=False)
        assert refusal(again) == (409, "order_changed")

    async def test_an_order_that_was_closed_before_uses_nothing(self, member: Member) -> None:
        await member.join()
        order_id = new_id()
        path = f"/internal/orders/{order_id}/close/"
        await member.market.api.post(path, json={"reason": "expired"}, headers=service_headers())
        assert refusal(await member.ask(order_id=order_id)) == (409, "order_closed")
        assert await sessions_of(member) == [(2, 0)]


class TestGiveBack:
    @pytest.mark.parametrize("price", [5000, None], ids=["amount", "all"])
    async def test_a_session_that_is_given_back_can_be_used_again(self, member: Member, price: int | None) -> None:
        made = await member.join()
        sale = await member.booked(5000)
        for _ in range(2):
            await member.give_back(sale, price, refund_id=UUID(int=7))
        await member.give_back(sale, price)
        await member.market.cancel(sale, 0)
        assert await member.benefits(made) == (1000, 2)
        assert [entry["status"] for entry in await member.market.entries()] == ["reversed"]
        balances = await member.balances()
        assert balances["promotion_costs"] == -1000
        assert {"order_escrow", "seller_pending", "platform_revenue"} & balances.keys() == set()

    async def test_before_it_was_confirmed(self, member: Member) -> None:
        made = await member.join()
        sale = await member.book()
        await member.give_back(sale)
        await member.market.tell(BookingConfirmed(booking=sale.booking))
        assert await member.benefits(made) == (1000, 2)
        assert await member.market.summary() == {"reversed": 4000}

    async def test_less_than_all_gives_nothing_back(self, member: Member) -> None:
        made = await member.join()
        sale = await member.booked(5000)
        await member.give_back(sale, 0)
        await member.give_back(sale, 2500)
        await member.give_back(sale, 4999)
        [line] = (await order_of(member, sale))["lines"]
        part = [{"line_id": line["id"], "amount": money(4999)}]
        assert await member.market.refunded(sale, lines=part, cancels=True) == (0, 0)
        await member.market.cancel(sale, 0)
        assert await member.benefits(made) == (1000, 1)
        assert await member.market.summary() == {"pending": 4000}

    async def test_it_goes_to_the_period_that_it_was_of(self, member: Member) -> None:
        made = await member.join()
        sale = await member.booked()
        await member.subscriber.at(made["current_period_end"])
        await member.give_back(sale)
        assert await sessions_of(member) == [(2, 0), (2, 0)]
        assert await member.benefits(made) == (1000, 2)

    async def test_after_the_grant_was_taken_back_it_is_of_no_use(self, member: Member) -> None:
        made = await member.join()
        sale = await member.booked()
        [period] = await member.subscriber.periods(made["id"])
        bill = Sale(UUID(period["order_id"]), sale.booking)
        await member.market.refunded(bill)
        await member.give_back(sale)
        assert await member.benefits(made) == (0, 0)
        assert refusal(await member.ask()) == (409, "no_sessions_left")

    async def test_staff_have_no_money_to_give_back(self, member: Member) -> None:
        await member.join()
        sale = await member.booked()
        assert refusal(await member.market.refund(sale)) == (409, "nothing_to_refund")
        assert await sessions_of(member) == [(2, 1)]

    async def test_what_was_paid_out_is_debt(self, member: Member) -> None:
        await member.join(session_value=money(20_000))
        await member.market.account()
        sale = await member.booked(20_000)
        await member.market.complete(sale)
        member.market.clock.advance(timedelta(hours=24))
        await member.market.work()
        await member.market.paid_out()
        await member.give_back(sale)
        assert (await member.market.summary())["debt"] == 16_000


class TestRaces:
    async def test_fifty_ask_for_the_last_session(self, member: Member) -> None:
        made = await member.join(sessions=1)
        answers = await asyncio.gather(*(member.ask() for _ in range(50)))
        assert Counter(answer.status_code for answer in answers) == {200: 1, 409: 49}
        assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"no_sessions_left"}
        assert await member.benefits(made) == (1000, 0)

    async def test_booked_and_given_back_at_once(self, member: Member) -> None:
        made = await member.join(sessions=3)
        sales = [await member.booked() for _ in range(3)]
        asked = await asyncio.gather(
            *(member.ask() for _ in range(12)),
            *(member.market.refund(sale, cancels=True) for sale in sales for _ in range(4)),
        )
        assert {answer.status_code for answer in asked} <= {200, 409}
        won = sum(answer.status_code == 200 for answer in asked[:12])
        assert won <= 3
        assert await member.benefits(made) == (1000, 3 - won)
