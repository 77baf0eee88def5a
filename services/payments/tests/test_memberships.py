"""Memberships: what their paid periods grant, when that expires, and when it is taken back (MN-6)."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

import pytest

from services.payments.plans.domain import Interval
from services.payments.refunds.service import refund
from services.payments.subscriptions.domain import boundary
from services.payments.tests.disputes import DISPUTED, Disputes
from services.payments.tests.members import ADMIN_PLANS, Member, club, money
from services.payments.tests.scenes import Json, Market, Sale
from services.payments.tests.subscribers import Subscriber
from shared.internal.payments import RefundRequest
from shared.records.ids import new_id

Balance = Callable[..., Awaitable[tuple[int, int]]]


@pytest.fixture
def member(market: Market, subscriber: Subscriber) -> Member:
    return Member(market, subscriber)


async def bill_of(member: Member, made: Json, number: int = 1) -> UUID:
    periods = await member.subscriber.periods(made["id"])
    return UUID(periods[number - 1]["order_id"])


async def refunded(member: Member, order_id: UUID, amount: int | None = None) -> None:
    wanted = RefundRequest(refund_id=new_id(), amount=amount and money(amount))
    await refund(member.market.runtime, order_id, wanted)


class TestPlans:
    async def test_staff_offer_one_and_change_it(self, member: Member) -> None:
        made = await member.offer()
        assert made["features"] == club()["features"]
        assert [plan["id"] for plan in await member.listed()] == [made["id"]]
        changed = club(sessions=3) | {"version": 1}
        answer = await member.market.api.put(f"{ADMIN_PLANS}{made['id']}/", json=changed, headers=member.market.staff)
        assert (answer.status_code, answer.json()["features"]["sessions"]) == (200, 3)

    @pytest.mark.parametrize(
        ("features", "field", "code"),
        [
            ({"credits": money(-1)}, "features.credits.amount", "greater_than_equal"),
            ({"credits": money(100_000_000)}, "features.credits.amount", "less_than_equal"),
            ({"credits": money(100, "EUR")}, "features.credits.currency", "unsupported_currency"),
            ({"credits": {"amount": 1.5, "currency": "USD"}}, "features.credits.amount", "int_type"),
            ({"session_value": money(100, "EUR")}, "features.session_value.currency", "unsupported_currency"),
            ({"session_value": 60}, "features.session_value", "dict_type"),
            ({"sessions": -1}, "features.sessions", "greater_than_equal"),
            ({"sessions": 1001}, "features.sessions", "less_than_equal"),
            ({"sessions": "2"}, "features.sessions", "int_type"),
            ({"sessions": None}, "features.sessions", "int_type"),
            ({"service_limit": 3}, "features.service_limit", "extra_forbidden"),
        ],
    )
    async def test_features_that_cannot_be(self, member: Member, features: Json, field: str, code: str) -> None:
        answer = await member.market.api.post(ADMIN_PLANS, json=club(**features), headers=member.market.staff)
        assert answer.status_code == 422, answer.text
        [error] = answer.json()["errors"]
        assert error["field"].replace("membership.", "") == field
        assert error["code"] == code
        assert await member.listed() == []


class TestGrants:
    async def test_the_first_period_grants_credits_and_sessions(self, member: Member, balance: Balance) -> None:
        made = await member.join()
        assert made["benefits"] == {"credits_granted": money(1000), "sessions_left": 2}
        assert await balance() == (1000, 0)
        assert await member.balances() == {
            "stripe_clearing": -3000,
            "subscription_revenue": 3000,
            "promotion_costs": -1000,
            "client_credits": 1000,
        }

    async def test_an_unpaid_one_grants_nothing(self, member: Member, balance: Balance) -> None:
        await member.offer()
        made = await member.subscriber.subscribe("club")
        assert made["status"] == "incomplete"
        assert (await member.benefits(made), await balance()) == ((0, 0), (0, 0))

    async def test_nor_does_a_trial(self, member: Member, balance: Balance) -> None:
        plan = club() | {"trial_days": 7}
        await member.market.api.post(ADMIN_PLANS, json=plan, headers=member.market.staff)
        await member.subscriber.wallet.save()
        made = await member.subscriber.subscribe("club")
        assert (await member.benefits(made), await balance()) == ((0, 0), (0, 0))
        await member.subscriber.at(made["trial_until"])
        assert (await member.benefits(made), await balance()) == ((1000, 2), (1000, 0))

    async def test_other_plans_have_no_benefits(self, member: Member) -> None:
        made = await member.subscriber.active()
        assert made["benefits"] is None

    async def test_each_period_grants_anew_and_credits_live_to_the_next_one_s_end(
        self, member: Member, balance: Balance
    ) -> None:
        made = await member.join()
        anchor = datetime.fromisoformat(made["current_period_start"])
        seen = []
        for number in range(1, 4):
            await member.subscriber.at(boundary(anchor, number, Interval.MONTH))
            await member.market.work()
            seen.append((await balance())[0])
            assert await member.benefits(made) == (1000, 2)
        assert seen == [2000, 2000, 2000]
        kinds = await member.market.sql("select kind, count(*) from payments.credit_entries group by kind order by 1")
        assert kinds == [("expired", 2), ("granted", 4)]
        assert (await member.balances())["credits_expired"] == 2000

    async def test_those_that_expire_first_are_spent_first(self, member: Member) -> None:
        made = await member.join()
        await member.subscriber.at(made["current_period_end"])
        await member.market.paid_order(1500, 1500)
        left = await member.market.sql("select remaining from payments.credit_grants order by expires_at")
        assert left == [(0,), (500,)]

    async def test_a_period_that_is_past_due_grants_nothing_until_it_is_paid(
        self, member: Member, balance: Balance
    ) -> None:
        made = await member.join()
        await member.subscriber.wallet.run("delete from payments.payment_methods")
        await member.subscriber.at(made["current_period_end"])
        shown = await member.subscriber.show(made["id"])
        assert (shown["status"], shown["benefits"]["sessions_left"], (await balance())[0]) == ("past_due", 0, 1000)
        assert await member.subscriber.pay(shown["payment"]) == "succeeded"
        assert (await member.benefits(made), (await balance())[0]) == ((1000, 2), 2000)

    async def test_a_free_membership_grants_too(self, member: Member, balance: Balance) -> None:
        plan = club() | {"prices": [{"interval": "month", "price": money(0)}]}
        await member.market.api.post(ADMIN_PLANS, json=plan, headers=member.market.staff)
        made = await member.subscriber.subscribe("club")
        assert (await member.benefits(made), await balance()) == ((1000, 2), (1000, 0))

    async def test_one_without_credits(self, member: Member, balance: Balance) -> None:
        made = await member.join(credits=money(0))
        assert (await member.benefits(made), await balance()) == ((0, 2), (0, 0))


class TestTakeBack:
    @pytest.mark.parametrize("amount", [None, 1000])
    async def test_a_refund_takes_what_is_unspent(self, member: Member, balance: Balance, amount: int | None) -> None:
        made = await member.join()
        await member.market.paid_order(5400, 400)
        await refunded(member, await bill_of(member, made), amount)
        assert (await member.benefits(made), await balance()) == ((0, 0), (0, 0))
        assert (await member.balances())["promotion_costs"] == -400

    async def test_it_leaves_what_another_period_granted(self, member: Member, balance: Balance) -> None:
        made = await member.join()
        await member.subscriber.at(made["current_period_end"])
        await refunded(member, await bill_of(member, made, 1))
        assert (await member.benefits(made), await balance()) == ((1000, 2), (1000, 0))

    async def test_what_an_order_returns_later_is_gone(self, member: Member, balance: Balance) -> None:
        made = await member.join()
        sale = await member.market.sale(5400, 400)
        await refunded(member, await bill_of(member, made))
        await member.market.refunded(sale)
        assert (await balance())[0] == 0
        await member.market.work()
        assert (await member.balances())["credits_expired"] == 400

    async def test_a_dispute_takes_it_when_it_opens(self, member: Member, disputes: Disputes, balance: Balance) -> None:
        await member.offer()
        made = await member.subscriber.subscribe("club")
        assert await member.subscriber.pay(made["payment"], DISPUTED) == "succeeded"
        assert await member.benefits(made) == (1000, 2)
        order_id = await bill_of(member, made)
        snapshot = member.market.snapshot(new_id(), {"order_id": str(order_id)} | ZERO)
        await disputes.heard(Sale(order_id, snapshot))
        assert (await member.benefits(made), await balance()) == ((0, 0), (0, 0))


ZERO = dict.fromkeys(("total", "credits_applied", "amount_due"), money(0))
