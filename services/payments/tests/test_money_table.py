"""What happens to a payment x when x how it was paid: client, practitioner, platform and Stripe, to the unit.

A sale of 10,001 earns the practitioner 8001 and the platform 2000; credits pay nothing, 4000, or all of it.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.callers import headers_for
from devtools.testing.crashes import Crashes
from devtools.testing.waiting import PATIENCE
from services.payments.payouts import service
from services.payments.tests.books import differences
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from services.payments.tests.test_webhooks import event_of, signed
from shared.records.clock import machine_now
from shared.records.ids import new_id

Buy = Callable[[int], Awaitable[str]]
TOTAL, NET, COMMISSION = 10_001, 8001, 2000
pytestmark = pytest.mark.slow  # minutes, as a whole

MOMENTS = ["before completion", "available", "eligible", "approved", "transferred", "paid"]
TENDERS = {"card": 0, "credits": TOTAL, "both": 4000}
ON_CARD = ["card", "both"]
PARTS = [None, 2500]
EVERY = 1 if os.environ.get("ESTUARY_SWEEP") == "all" else 5
"""By default one cell in five, of each moment another one; all with ESTUARY_SWEEP=all (`make walks`)."""


@dataclass
class Table:
    """One cell: a sale that was paid in one way, and brought to one moment."""

    market: Market
    buy: Buy
    moment: str
    tender: str
    card: str = "pm_card_visa"

    @property
    def credits(self) -> int:
        """What of the price credits pay."""
        return TENDERS[self.tender]

    @property
    def minimum(self) -> int:
        """The least payout."""
        return self.market.runtime.settings.payout_minimum

    async def arrange(self) -> Sale:
        """Makes the sale and brings it to the moment."""
        self.account = await self.market.account()
        self.purchase = await self.buy(self.credits) if self.credits else ""
        pay = self.market.pay
        self.market.pay = lambda order_id: pay(order_id, self.card)
        sell = self.market.sale if self.moment == "before completion" else self.market.earned
        self.sale = await sell(TOTAL, "max" if self.credits else None)
        self.market.pay = pay
        await self.bring_on()
        return self.sale

    async def bring_on(self) -> None:
        """Its payout goes as far as the moment says."""
        if self.moment == "eligible":
            await self.market.payout()
        elif self.moment == "approved":
            payout_id = UUID(await self.market.payout())
            async with self.market.runtime.db.transaction() as session:
                started = await service.start(session, payout_id, new_id(), None)
                started.next_try_at = machine_now() + timedelta(hours=1)  # no job goes on before `hurry`
        elif self.moment == "transferred":
            assert (await self.market.approve(await self.market.payout())).json()["stripe_transfer_id"]
        elif self.moment == "paid":
            await self.market.paid_out()

    async def settle(self) -> None:
        """Runs the jobs until no payout is on its way."""
        async with asyncio.timeout(PATIENCE):
            await self.hurry()
            while await self.market.sql("select id from payments.payouts where status = 'processing'"):
                await asyncio.sleep(0.05)
                await self.hurry()

    async def hurry(self) -> None:
        """Runs the jobs; an approved payout is due now."""
        await self.market.hurry()
        await self.market.work()

    async def happen(self, what: str, about: str, kind: str, **more: Any) -> str:
        """Something happens at Stripe, and its webhook arrives twice; Stripe's id of it."""
        stage = Stage(self.market, Crashes())
        await stage.happen(what, about, **more)
        if what == "refund_failed":
            found = about
        else:
            listed = await stage.listed("/disputes" if "dispute" in what else "/refunds", payment_intent=about)
            found = str(listed[0]["id"])
        for _ in range(2):
            payload = event_of(kind, found)
            answer = await self.market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
            assert answer.status_code == 200
            await self.market.work()
        return found

    async def intent(self, order_id: object = None) -> str:
        """Stripe's id of the sale's payment, or of another order's; empty where no card has paid."""
        query = "select intent_id from payments.orders where id = :id"
        ((found,),) = await self.market.sql(query, id=order_id or self.sale.order_id)
        return str(found or "")

    # ---- what must be there

    async def client_has(self, spendable: int, owed: int = 0, debt: int = 0) -> None:
        """Credits, what the platform owes the client, and what the client owes the platform."""
        answer = await self.market.api.get("/api/v1/credits/balance/", headers=headers_for(self.market.client_id))
        assert answer.json()["balance"]["amount"] == spendable
        assert (await self.account_of("refunds_owed"), -await self.account_of("client_debt")) == (owed, debt)

    async def practitioner_has(self, **amounts: int) -> None:
        """The summary, without zeros."""
        assert await self.market.summary() == {name: amount for name, amount in amounts.items() if amount}

    async def practitioner_has_left(self, net: int) -> None:
        """`net` of the earning stands after a refund, where its money was."""
        where = {"before completion": "pending", "available": "available", "eligible": "in_payout"}
        where |= {"approved": "paid", "transferred": "paid"}
        gone = NET - net
        if self.moment == "paid":
            await self.practitioner_has(paid=NET, reversed=gone, debt=gone)
        elif self.moment == "eligible" and net < self.minimum:
            await self.practitioner_has(available=net, reversed=gone)
        else:
            await self.practitioner_has(**{where[self.moment]: net, "reversed": gone})

    async def platform_has(self, revenue: int) -> None:
        """Its commission; all invariants hold, and the ledger has at Stripe what Stripe has."""
        assert await self.account_of("platform_revenue") == revenue
        assert await broken(self.market) == {}
        assert await differences(Stage(self.market, Crashes())) == []

    async def stripe_has(self, refunded: int, transferred: int, order_id: object = None) -> None:
        """What went back to the card, and what of the transfers stayed and went to the bank."""
        assert sum(each["amount"] for each in await self.refunds(order_id) if each["status"] != "failed") == refunded
        kept = sum(made["amount"] - made["amount_reversed"] for made in await self.market.transfers(self.account))
        headers = {"Stripe-Account": self.account["stripe_account_id"]}
        sent = (await self.market.stripe_api.get("/payouts", headers=headers)).json()["data"]
        assert (kept, sum(payout["amount"] for payout in sent)) == (transferred, transferred)

    def sent_on(self, net: int) -> int:
        """What reaches the practitioner's account once `net` of the earning stands."""
        return {"approved": net, "transferred": net, "paid": NET}.get(self.moment, 0)

    async def refunds(self, order_id: object = None) -> list[dict[str, Any]]:
        """The order's refunds at Stripe."""
        intent = await self.intent(order_id)
        return await Stage(self.market, Crashes()).listed("/refunds", payment_intent=intent) if intent else []

    async def account_of(self, kind: str) -> int:
        """What the ledger's accounts of that kind hold."""
        rows = await self.market.sql(
            "select coalesce(sum(case when a.id = t.credit_id then t.amount else -t.amount end), 0)"
            " from payments.ledger_transfers t join payments.ledger_accounts a on a.id in (t.debit_id, t.credit_id)"
            " where a.kind = :kind",
            kind=kind,
        )
        return int(rows[0][0])


@pytest.mark.parametrize(("moment", "tender", "part"), list(product(MOMENTS, TENDERS, PARTS))[::EVERY])
async def test_refund(market: Market, buy_credits: Buy, moment: str, tender: str, part: int | None) -> None:
    table = Table(market, buy_credits, moment, tender)
    sale = await table.arrange()
    card, credits = await market.refunded(sale, part)
    await table.settle()
    back = part or TOTAL
    assert card + credits == back
    assert abs(credits * TOTAL - table.credits * back) <= TOTAL
    # 20 % of what stands, half a unit upwards: 1500 of 7501.
    revenue, net = (1500, 6001) if part else (0, 0)
    await table.client_has(credits)
    await table.practitioner_has_left(net)
    await table.platform_has(revenue)
    await table.stripe_has(card, table.sent_on(net))


@pytest.mark.parametrize(("moment", "tender", "part"), list(product(MOMENTS, ON_CARD, PARTS))[::EVERY])
async def test_dashboard_refund(market: Market, buy_credits: Buy, moment: str, tender: str, part: int | None) -> None:
    table = Table(market, buy_credits, moment, tender)
    await table.arrange()
    await table.happen("refund_outside", await table.intent(), "refund.created", **({"amount": part} if part else {}))
    await table.settle()
    # The card's part alone goes back, and none of the credits.
    back = part or TOTAL - table.credits
    stands = TOTAL - back
    revenue = (stands + 2) // 5
    await table.client_has(0)
    await table.practitioner_has_left(stands - revenue)
    await table.platform_has(revenue)
    await table.stripe_has(back, table.sent_on(stands - revenue))


@pytest.mark.parametrize("moment", MOMENTS)
async def test_dashboard_refund_of_the_credits_that_paid(market: Market, buy_credits: Buy, moment: str) -> None:
    table = Table(market, buy_credits, moment, "credits")
    await table.arrange()
    await table.happen("refund_outside", await table.intent(table.purchase), "refund.created")
    await table.settle()
    # The sale stands: what the client has spent is the client's debt.
    where = {"before completion": "pending", "available": "available", "eligible": "in_payout"}
    await table.client_has(0, debt=TOTAL)
    await table.practitioner_has(**{where.get(moment, "paid"): NET})
    await table.platform_has(COMMISSION)
    await table.stripe_has(TOTAL, table.sent_on(NET), table.purchase)


@pytest.mark.parametrize(("moment", "tender"), list(product(MOMENTS, TENDERS))[::EVERY])
async def test_refund_failure(market: Market, buy_credits: Buy, moment: str, tender: str) -> None:
    table = Table(market, buy_credits, moment, tender)
    sale = await table.arrange()
    card = TOTAL - table.credits
    assert await market.refunded(sale) == (card, table.credits)
    for made in await table.refunds():
        await table.happen("refund_failed", made["id"], "refund.failed")
    await table.settle()
    # The credits are back; what the card did not take is owed to the client, by the platform alone.
    await table.client_has(table.credits, owed=card)
    await table.practitioner_has_left(0)
    await table.platform_has(0)
    await table.stripe_has(0, table.sent_on(0))


@pytest.mark.parametrize(("moment", "tender"), list(product(MOMENTS, ON_CARD))[::EVERY])
async def test_dispute(market: Market, buy_credits: Buy, moment: str, tender: str) -> None:
    table = Table(market, buy_credits, moment, tender)
    sale = await table.arrange()
    await table.happen("dispute_opened", await table.intent(), "charge.dispute.created")
    market.clock.advance(timedelta(hours=25))
    await table.settle()
    assert (await market.refund(sale)).json()["code"] == "payment_disputed"
    # Nothing leaves; what was transferred before is on its way to the bank.
    left = moment in ("transferred", "paid")
    await table.client_has(0)
    await table.practitioner_has(**{"paid" if left else "held": NET})
    await table.platform_has(COMMISSION)
    await table.stripe_has(0, NET if left else 0)
