"""Money that goes back to clients, or fails to."""

from dataclasses import dataclass, field
from uuid import UUID

from devtools.testing.delivery import envelope_of
from services.payments.tests.scenes import Sale
from services.payments.tests.stories import Story, usd
from services.payments.tests.test_webhooks import event_of
from shared.events.booking import BookingCancelled
from shared.events.payments import OrderRefunded, OrderRefundFailed
from shared.records.ids import new_id
from shared.records.money import Money


@dataclass
class Refund(Story):
    """Part of a sale goes back, to the card and to credits."""

    refund_id: UUID = field(default_factory=new_id)

    async def prepare(self) -> None:
        await self.buy(3000)
        self.sale = await self.market.sale(10_000, 3000)
        self.before = (await self.stage.credits())[0]

    async def act(self) -> None:
        await self.refund(5000, cancels=False)

    async def refund(self, amount: int, *, cancels: bool) -> None:
        """What booking asks for."""
        body = {
            "refund_id": str(self.refund_id),
            "amount": usd(amount),
            "reason": "asked for",
            "by": "staff",
            "cancels": cancels,
        }
        await self.ask(f"{self.sale.order_id}/refunds/", body)

    async def check(self) -> None:
        await self.has_come_back(3500, 1500)

    async def has_come_back(self, card: int, credits: int) -> None:
        """Both parts are back, once."""
        parts = self.answered()["refund"]
        assert (parts["card"]["amount"], parts["credits"]["amount"]) == (card, credits)
        assert await self.stage.refunds(self.sale.order_id) == [card]
        assert (await self.stage.credits())[0] == self.before + credits
        assert await self.stage.count(OrderRefunded, refund_id=self.refund_id) == 1
        assert await self.stage.one("select status from refunds where id = :id", id=self.refund_id) == "succeeded"


@dataclass
class Cancel(Refund):
    """A booking is cancelled in time: a quarter of the price is kept."""

    async def prepare(self) -> None:
        await super().prepare()
        event = BookingCancelled(
            booking=self.sale.booking,
            cancelled_by="client",
            reason=None,
            refund_due=Money(7500, "USD"),
            kept=Money(2500, "USD"),
            was_confirmed=True,
            cancelled_at=self.market.clock.now(),
        )
        self.envelope = envelope_of(event, self.market.clock.now())

    async def act(self) -> None:
        await self.stage.published(self.envelope)
        await self.refund(7500, cancels=True)

    async def check(self) -> None:
        await self.has_come_back(5250, 2250)
        net = "select sum(net) from earnings where order_id = :id"
        assert await self.stage.one(net, id=self.sale.order_id) == 2000


@dataclass
class RefundFails(Refund):
    """Stripe says that a refund failed after it had succeeded."""

    async def prepare(self) -> None:
        await super().prepare()
        await self.refund(5000, cancels=False)
        made = await self.stage.one("select stripe_refund_id from refunds where id = :id", id=self.refund_id)
        await self.stage.happen("refund_failed", made)
        self.payload = event_of("refund.failed", made)

    async def act(self) -> None:
        await self.stage.hear(self.payload)

    async def check(self) -> None:
        assert await self.stage.refunds(self.sale.order_id) == []
        assert await self.stage.one("select status from refunds where id = :id", id=self.refund_id) == "failed"
        assert await self.stage.count(OrderRefundFailed, refund_id=self.refund_id) == 1
        assert (await self.stage.credits())[0] == self.before + 1500


@dataclass
class RefundFailsAtOnce(RefundFails):
    """Stripe says that a refund failed before it had succeeded."""

    async def prepare(self) -> None:
        await self.buy(3000)
        booking_id = new_id()
        order = await self.market.open_order(10_000, 3000, booking_id=str(booking_id))
        await self.market.pay(order["order_id"], "pm_card_pendingRefund")
        self.sale = Sale(UUID(order["order_id"]), self.market.snapshot(booking_id, order))
        self.before = (await self.stage.credits())[0]
        await self.refund(5000, cancels=False)
        made = await self.stage.one("select stripe_refund_id from refunds where id = :id", id=self.refund_id)
        await self.stage.happen("refund_failed", made)
        self.payload = event_of("refund.failed", made)

    async def check(self) -> None:
        await super().check()
        assert await self.stage.count(OrderRefunded, refund_id=self.refund_id) == 1
