"""Payments that clients' banks dispute, and refunds made in Stripe's dashboard."""

from dataclasses import dataclass
from uuid import UUID

from devtools.testing.callers import headers_for
from services.payments.payouts import service
from services.payments.tests.stories import Story
from services.payments.tests.test_webhooks import event_of
from shared.events.payments import ChargebackLost, ClientDebtIncurred, OrderRefunded, PayoutFailed
from shared.records.ids import new_id


@dataclass
class Dispute(Story):
    """A client's bank disputes a payment: what it earned is held."""

    async def prepare(self) -> None:
        self.sale = await self.market.earned(10_000)
        await self.open()

    async def open(self) -> None:
        """The dispute exists at Stripe; its webhook is on its way."""
        intent = await self.stage.intent_of(self.sale.order_id)
        await self.stage.happen("dispute_opened", intent)
        (dispute,) = await self.stage.listed("/disputes", payment_intent=intent)
        self.dispute_id = str(dispute["id"])
        self.payload = event_of("charge.dispute.created", self.dispute_id)
        self.before = await self.market.summary()

    async def act(self) -> None:
        await self.stage.hear(self.payload)

    async def moved(self, name: str) -> int:
        """How much more the practitioner's summary says there than before."""
        return (await self.market.summary()).get(name, 0) - self.before.get(name, 0)

    async def check(self) -> None:
        assert (await self.moved("held"), await self.moved("available")) == (8000, -8000)
        query = "select count(*) from chargebacks where order_id = :id"
        assert await self.stage.one(query, id=self.sale.order_id) == 1


@dataclass
class DisputeStopsPayout(Dispute):
    """The payout with the disputed money was approved, and its transfer was not made yet."""

    async def prepare(self) -> None:
        self.account = await self.market.account()
        self.sale = await self.market.earned(10_000)
        self.payout_id = await self.market.payout()
        async with self.market.runtime.db.transaction() as session:
            await service.start(session, UUID(self.payout_id), new_id(), None)
        await self.open()

    async def check(self) -> None:
        assert (await self.moved("held"), await self.moved("in_payout")) == (8000, -8000)
        query = "select status || ' ' || reason from payouts where id = :id"
        assert await self.stage.one(query, id=self.payout_id) == "failed held"
        assert await self.market.transfers(self.account) == []
        assert await self.stage.count(PayoutFailed, payout_id=self.payout_id) == 1


@dataclass
class DisputeWon(Dispute):
    """The bank decides for the practitioner."""

    decision: str = "won"

    async def prepare(self) -> None:
        await super().prepare()
        await super().act()
        await self.stage.happen("dispute_closed", self.dispute_id, status=self.decision)
        self.payload = event_of("charge.dispute.closed", self.dispute_id)
        self.before = await self.market.summary()

    async def check(self) -> None:
        assert (await self.moved("held"), await self.moved("available")) == (-8000, 8000)


@dataclass
class DisputeLost(DisputeWon):
    """The bank keeps the money: what it earned stays held, and staff learn of it."""

    decision: str = "lost"

    async def check(self) -> None:
        assert (await self.moved("held"), await self.moved("available")) == (0, 0)
        assert await self.stage.count(ChargebackLost, stripe_dispute_id=self.dispute_id) == 1


@dataclass
class RefundedThere(Story):
    """Bought credits are refunded in Stripe's dashboard after a part of them was spent."""

    async def prepare(self) -> None:
        who = headers_for(self.market.client_id)
        wanted = {"amount": {"amount": 3000, "currency": "USD"}}
        bought = await self.stage.send("POST", "/api/v1/credits/purchase/", wanted, who)
        self.order_id = bought.json()["order_id"]
        assert (await self.market.pay(self.order_id))["status"] == "succeeded"
        await self.market.sale(1000, "max")
        intent = await self.stage.intent_of(self.order_id)
        await self.stage.happen("refund_outside", intent)
        (made,) = await self.stage.listed("/refunds", payment_intent=intent)
        self.payload = event_of("refund.created", made["id"])
        self.before = await self.worth()

    async def worth(self) -> int:
        """The client's credits less what the client owes."""
        debt = await self.stage.one(
            "select coalesce(sum(case when t.debit_id = a.id then t.amount else -t.amount end), 0)"
            " from ledger_accounts a join ledger_transfers t on a.id in (t.debit_id, t.credit_id)"
            " where a.kind = 'client_debt'"
        )
        return (await self.stage.credits())[0] - int(debt)

    async def act(self) -> None:
        await self.stage.hear(self.payload)

    async def check(self) -> None:
        assert await self.worth() == self.before - 3000
        assert await self.stage.count(OrderRefunded, order_id=self.order_id) == 1
        assert await self.stage.count(ClientDebtIncurred, order_id=self.order_id) == 1
