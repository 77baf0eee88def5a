"""Orders of several lines: opened, paid for good, captured by hand, and refunded by line."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from devtools.testing.callers import headers_for
from services.payments.tests import sales
from services.payments.tests.scenes import Json
from services.payments.tests.stories import Story, usd
from services.payments.tests.test_webhooks import event_of
from shared.events.payments import EarningAccrued, OrderRefunded, PaymentAuthorized, PaymentSucceeded
from shared.records.ids import new_id


@dataclass
class OpenLines(Story):
    """A service opens an order of three lines, two practitioners' and the platform's, part of it paid by credits."""

    order_id: UUID = field(default_factory=new_id)

    async def prepare(self) -> None:
        await self.buy(3000)
        sellers = (self.market.practitioner_id, new_id(), None)
        self.lines = [sales.line(4000, seller, (50, "paid"), (50, "completed")) for seller in sellers]
        self.expires_at = self.market.clock.now() + timedelta(minutes=15)

    async def act(self) -> None:
        body = {
            "kind": "event",
            "client_id": str(self.market.client_id),
            "title": "Retreat",
            "lines": self.lines,
            "credits": usd(3000),
            "expires_at": self.expires_at.isoformat(),
        }
        await self.ask(f"{self.order_id}/", body, "PUT")

    async def check(self) -> None:
        assert self.answered()["total"] == usd(12_000)
        written = "select id::text from order_lines where order_id = :id order by position"
        found = await self.market.sql(written, id=self.order_id)
        assert [row[0] for row in found] == [each["id"] for each in self.lines]


@dataclass
class Subscribe(Story):
    """The client pays what earns at payment."""

    async def prepare(self) -> None:
        self.lines = [sales.line(1000, self.market.practitioner_id), sales.line(500)]
        self.order: Json = (await sales.put(self.market, self.lines, "subscription")).json()

    async def act(self) -> None:
        body = {"order_id": self.order["order_id"], "payment_method": "pm_card_visa"}
        await self.send("POST", "/api/v1/payments/confirm/", body, headers_for(self.market.client_id))

    async def check(self) -> None:
        assert self.answered()["status"] == "succeeded"
        assert await sales.earnings(self.market, self.lines[0]) == [(800, 200, "pending")]
        assert await self.stage.count(EarningAccrued, line_id=self.lines[0]["id"]) == 1


@dataclass
class Authorize(Story):
    """The client confirms an order that is captured by hand."""

    async def prepare(self) -> None:
        self.order: Json = (await sales.put(self.market, [sales.line(9_999)], capture="manual")).json()

    async def act(self) -> None:
        body = {"order_id": self.order["order_id"], "payment_method": "pm_card_visa"}
        await self.send("POST", "/api/v1/payments/confirm/", body, headers_for(self.market.client_id))

    async def check(self) -> None:
        assert self.answered()["status"] == "processing"
        assert await self.stage.count(PaymentAuthorized, order_id=self.order["order_id"]) == 1
        assert await self.stage.count(PaymentSucceeded, order_id=self.order["order_id"]) == 0


@dataclass
class Capture(Authorize):
    """What was authorised is charged, and credits spent."""

    async def prepare(self) -> None:
        await self.buy(3000)
        self.before = await self.stage.credits()
        lines = [sales.line(9_999, self.market.practitioner_id)]
        self.order = (await sales.put(self.market, lines, capture="manual", credits=usd(3000))).json()
        assert (await self.market.pay(self.order["order_id"]))["status"] == "processing"

    async def act(self) -> None:
        await self.ask(f"{self.order['order_id']}/capture/", None)

    async def check(self) -> None:
        assert self.answered()["status"] == "paid"
        intent = await self.market.stripe_api.get(
            f"/payment_intents/{await self.stage.intent_of(self.order['order_id'])}"
        )
        assert intent.json()["amount_received"] == 6_999
        assert await self.stage.count(PaymentSucceeded, order_id=self.order["order_id"]) == 1
        assert await self.stage.credits() == (self.before[0] - 3000, self.before[1])


@dataclass
class CapturedInPart(Capture):
    """Less than was authorised is captured in Stripe's dashboard: the rest of the card's part counts as refunded."""

    async def prepare(self) -> None:
        await super().prepare()
        intent_id = await self.stage.intent_of(self.order["order_id"])
        await self.market.stripe_api.post(f"/payment_intents/{intent_id}/capture", data={"amount_to_capture": 5000})
        (released,) = await self.stage.listed("/refunds", payment_intent=intent_id)
        self.payloads = [
            event_of("payment_intent.succeeded", intent_id),
            event_of("charge.refunded", released["charge"]),
            event_of("refund.created", released["id"]),
        ]

    async def act(self) -> None:
        for payload in self.payloads:
            await self.stage.hear(payload)

    async def check(self) -> None:
        query = "select card from refunds where order_id = :id and stripe_refund_id is not null"
        assert await self.market.sql(query, id=UUID(self.order["order_id"])) == [(1999,)]
        assert await self.stage.count(OrderRefunded, order_id=self.order["order_id"]) == 1
        assert await self.stage.credits() == (self.before[0] - 3000, self.before[1])


@dataclass
class GiveBack(Capture):
    """An authorised order is given up."""

    async def act(self) -> None:
        await self.ask(f"{self.order['order_id']}/close/", {"reason": "cancelled"})

    async def check(self) -> None:
        assert self.answered()["status"] == "cancelled"
        intent = await self.market.stripe_api.get(
            f"/payment_intents/{await self.stage.intent_of(self.order['order_id'])}"
        )
        assert intent.json()["status"] == "canceled"
        assert await self.stage.credits() == self.before


@dataclass
class RefundLines(Story):
    """Of an order of two practitioners one line goes back in part, and the other whole."""

    refund_id: UUID = field(default_factory=new_id)

    async def prepare(self) -> None:
        self.lines = [sales.line(1000, self.market.practitioner_id), sales.line(3000, new_id())]
        self.sale = await sales.confirmed(self.market, self.lines)

    async def act(self) -> None:
        named = [(self.lines[0], 500), (self.lines[1], 3000)]
        lines = [{"line_id": each["id"], "amount": usd(amount)} for each, amount in named]
        await self.ask(f"{self.sale.order_id}/refunds/", {"refund_id": str(self.refund_id), "lines": lines})

    async def check(self) -> None:
        assert self.answered()["refund"]["card"] == usd(3500)
        assert await self.stage.refunds(self.sale.order_id) == [3500]
        assert await sales.earnings(self.market, self.lines[0]) == [(400, 100, "pending")]
        assert await sales.earnings(self.market, self.lines[1]) == [(0, 0, "reversed")]
        assert await self.stage.count(OrderRefunded, refund_id=self.refund_id) == 1
