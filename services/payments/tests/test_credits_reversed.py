"""Bought credits that are refunded in Stripe's dashboard are taken back; those already spent are the client's debt."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.crashes import Crashes
from devtools.testing.delivery import events_of
from devtools.testing.waiting import PATIENCE
from services.payments.credits import reversals, service
from services.payments.credits.domain import GrantSource
from services.payments.ledger.domain import Leg, client_credits, stripe_clearing
from services.payments.ledger.service import post
from services.payments.tests.books import differences
from services.payments.tests.scenes import Json, Market
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_webhooks import event_of, signed
from shared.events.payments import ClientDebtIncurred, OrderRefunded
from shared.records.ids import new_id
from shared.records.money import Money

Buy = Callable[[int], Awaitable[str]]


class Wallet:
    """A client's credits, and what happens to the payments that bought them."""

    def __init__(self, market: Market, buy: Buy) -> None:
        self.market, self.buy = market, buy

    async def refund_there(self, order_id: str, amount: int | None = None) -> str:
        """Refunds the purchase in Stripe's dashboard; its webhooks arrive twice. Answers Stripe's id of the refund."""
        ((intent,),) = await self.market.sql("select intent_id from payments.orders where id = :id", id=order_id)
        wanted = {} if amount is None else {"amount": str(amount)}
        made = (await self.market.stripe_api.post("/refunds", data={"payment_intent": intent} | wanted)).json()
        await self.hear("refund.created", made["id"])
        await self.hear("charge.refunded", made["charge"])
        return str(made["id"])

    async def hear(self, kind: str, object_id: str) -> None:
        """A webhook arrives twice."""
        for _ in range(2):
            payload = event_of(kind, object_id)
            answer = await self.market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
            assert answer.status_code == 200
            await self.market.work()

    async def balance(self, user_id: UUID | None = None) -> int:
        """What can be spent."""
        who = headers_for(user_id or self.market.client_id)
        amount: int = (await self.market.api.get("/api/v1/credits/balance/", headers=who)).json()["balance"]["amount"]
        return amount

    async def account(self, kind: str) -> int:
        """What the ledger's accounts of that kind hold."""
        ((found,),) = await self.market.sql(
            "select coalesce(sum(case when a.id = t.credit_id then t.amount else -t.amount end), 0)"
            " from payments.ledger_transfers t join payments.ledger_accounts a on a.id in (t.debit_id, t.credit_id)"
            " where a.kind = :kind",
            kind=kind,
        )
        return int(found)

    async def debts(self) -> list[int]:
        """The debts that were published to staff."""
        found = [event for event in await events_of(self.market.runtime) if isinstance(event, ClientDebtIncurred)]
        return [event.amount.amount for event in found]

    async def refunds(self, order_id: str) -> list[tuple[str, int]]:
        """The purchase's refunds as the client sees them."""
        url = f"/api/v1/payments/orders/{order_id}/"
        shown: Json = (await self.market.api.get(url, headers=headers_for(self.market.client_id))).json()
        return [(each["status"], each["card"]["amount"]) for each in shown["refunds"]]

    async def is_sound(self) -> None:
        """All invariants hold, and the ledger has at Stripe what Stripe has."""
        assert await broken(self.market) == {}
        assert await differences(Stage(self.market, Crashes())) == []


@pytest.fixture
def wallet(market: Market, buy_credits: Buy) -> Wallet:
    return Wallet(market, buy_credits)


class TestTakenBack:
    @pytest.mark.parametrize(("part", "left"), [(None, 0), (2000, 3000)])
    async def test_what_is_unspent_goes_once(self, wallet: Wallet, part: int | None, left: int) -> None:
        order_id = await wallet.buy(5000)
        await wallet.refund_there(order_id, part)
        assert await wallet.balance() == left
        assert await wallet.refunds(order_id) == [("succeeded", 5000 - left)]
        published = [event for event in await events_of(wallet.market.runtime) if isinstance(event, OrderRefunded)]
        assert [(event.card.amount, event.credits.amount) for event in published] == [(5000 - left, 0)]
        assert await wallet.debts() == []
        await wallet.is_sound()

    async def test_the_history_shows_it(self, wallet: Wallet) -> None:
        await wallet.refund_there(await wallet.buy(5000), 2000)
        who = headers_for(wallet.market.client_id)
        lines = (await wallet.market.api.get("/api/v1/credits/history/", headers=who)).json()["results"]
        shown = {line["kind"]: line["amount"]["amount"] for line in lines}
        assert shown == {"purchased": 5000, "reversed": -2000}

    async def test_what_is_left_of_the_purchase_goes_first_then_other_bought_credits(self, wallet: Wallet) -> None:
        first, second = await wallet.buy(5000), await wallet.buy(3000)
        await wallet.market.sale(6000, "max")
        await wallet.refund_there(second, 1500)
        rows = await wallet.market.sql("select order_id, remaining from payments.credit_grants")
        assert {str(row[0]): row[1] for row in rows} == {first: 0, second: 500}
        await wallet.refund_there(first, 500)
        assert await wallet.balance() == 0
        assert await wallet.debts() == []
        await wallet.is_sound()


class TestDebt:
    async def test_what_was_spent_is_owed_and_staff_learn_of_it_once(self, wallet: Wallet) -> None:
        order_id = await wallet.buy(5000)
        await wallet.market.sale(4000, "max")
        await wallet.refund_there(order_id)
        assert await wallet.balance() == 0
        assert await wallet.account("client_debt") == -4000
        assert await wallet.debts() == [4000]
        await wallet.is_sound()

    async def test_promotional_credits_do_not_pay_it(self, wallet: Wallet) -> None:
        market = wallet.market
        order_id = await wallet.buy(5000)
        await market.sale(5000, "max")
        async with market.runtime.db.transaction() as session:
            await service.grant(session, new_id(), market.client_id, Money(700, "USD"), GrantSource.PROMOTION)
        await wallet.refund_there(order_id)
        ((left,),) = await market.sql("select remaining from payments.credit_grants where source = 'promotion'")
        assert (left, await wallet.account("client_debt")) == (700, -5000)

    async def test_credits_that_a_refund_brings_back_repay_it(self, wallet: Wallet) -> None:
        order_id = await wallet.buy(5000)
        sale = await wallet.market.sale(4000, "max")
        await wallet.refund_there(order_id)
        assert await wallet.market.refunded(sale) == (0, 4000)
        assert await wallet.balance() == 0
        assert await wallet.account("client_debt") == 0
        await wallet.is_sound()

    async def test_credits_of_an_order_that_is_given_up_repay_it(self, wallet: Wallet, close_order) -> None:
        bought = await wallet.buy(5000)
        order = await wallet.market.open_order(9000, "max")
        await wallet.refund_there(bought)
        assert await wallet.account("client_debt") == -5000
        await close_order(order["order_id"])
        assert (await wallet.balance(), await wallet.account("client_debt")) == (0, 0)
        await wallet.is_sound()

    async def test_credits_bought_later_repay_it(self, wallet: Wallet) -> None:
        order_id = await wallet.buy(5000)
        await wallet.market.sale(5000, "max")
        await wallet.refund_there(order_id, 2000)
        await wallet.buy(3000)
        assert (await wallet.balance(), await wallet.account("client_debt")) == (1000, 0)
        await wallet.is_sound()

    async def test_a_refund_that_waits_for_a_purchase_repays_nothing_twice(self, wallet: Wallet) -> None:
        market = wallet.market
        order_id = await wallet.buy(5000)
        sale = await market.sale(9000, "max")
        other = await market.sale(2000)
        await wallet.refund_there(order_id)
        assert await wallet.account("client_debt") == -5000
        bought, currency, held = new_id(), market.currency, asyncio.Event()

        async def refund() -> tuple[int, int]:
            await held.wait()
            return await market.refunded(other, 2000)

        refunding = asyncio.create_task(refund())
        async with market.runtime.db.transaction() as session:
            await service.grant(session, bought, market.client_id, Money(8000, currency), GrantSource.PURCHASE)
            leg = Leg(stripe_clearing(currency), client_credits(market.client_id, currency), 8000)
            await post(session, bought, "order_paid", [leg], {})
            held.set()
            await self._waits_for_a_lock(market)
            await reversals.repay(session, market.client_id, currency, bought, {})
        assert await refunding == (2000, 0)
        assert (await wallet.balance(), await wallet.account("client_debt")) == (3000, 0)
        assert await market.refunded(sale) == (4000, 5000)
        assert await wallet.balance() == 8000

    @staticmethod
    async def _waits_for_a_lock(market: Market) -> None:
        """Until another session waits for a lock."""
        async with asyncio.timeout(PATIENCE):
            while await market.sql("select count(*) from pg_locks where not granted") == [(0,)]:  # noqa: ASYNC110  # Postgres has no event for it
                await asyncio.sleep(0.02)

    async def test_bought_credits_that_another_client_gives_repay_it(self, wallet: Wallet) -> None:
        market, debtor = wallet.market, new_id()
        order_id = await wallet.buy(5000)
        async with market.runtime.db.transaction() as session:
            await service.transfer(session, new_id(), market.client_id, debtor, Money(5000, "USD"))
        await wallet.refund_there(order_id)
        assert await wallet.account("client_debt") == -5000
        async with market.runtime.db.transaction() as session:
            await service.transfer(session, new_id(), debtor, market.client_id, Money(1500, "USD"))
        assert (await wallet.balance(), await wallet.balance(debtor)) == (0, 3500)
        assert await wallet.account("client_debt") == -3500
        await wallet.is_sound()


async def test_one_that_fails_is_owed_to_the_client(wallet: Wallet) -> None:
    order_id = await wallet.buy(5000)
    made = await wallet.refund_there(order_id)
    stage = Stage(wallet.market, Crashes())
    await stage.happen("refund_failed", made)
    await wallet.hear("refund.failed", made)
    assert await wallet.refunds(order_id) == [("failed", 5000)]
    assert (await wallet.balance(), await wallet.account("refunds_owed")) == (0, 5000)
    await wallet.is_sound()
