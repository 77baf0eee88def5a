"""Orders: opened, paid, given up, and paid too late."""

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from devtools.testing.callers import headers_for
from services.payments.orders.domain import OrderStatus
from services.payments.orders.repository import Orders
from services.payments.orders.settlement import move
from services.payments.tests.stories import Story, usd
from shared.events.payments import CreditsPurchased, PaymentSucceeded
from shared.records.ids import new_id


@dataclass
class Open(Story):
    """Booking opens an order, part of it paid by credits."""

    order_id: UUID = field(default_factory=new_id)
    booking_id: UUID = field(default_factory=new_id)

    async def prepare(self) -> None:
        await self.buy(3000)
        self.before = await self.stage.credits()
        self.expires_at = self.market.clock.now() + timedelta(minutes=15)

    async def act(self) -> None:
        body = {
            "booking_id": str(self.booking_id),
            "client_id": str(self.market.client_id),
            "practitioner_id": str(self.market.practitioner_id),
            "service_id": str(self.market.practitioner_id),
            "title": "Morning yoga",
            "total": usd(10_000),
            "credits": usd(3000),
            "expires_at": self.expires_at.isoformat(),
        }
        await self.ask(f"{self.order_id}/", body, "PUT")

    async def check(self) -> None:
        assert self.answered()["status"] == "open"
        intents = await self.stage.listed("/payment_intents")
        mine = [intent["amount"] for intent in intents if intent["metadata"].get("order_id") == str(self.order_id)]
        assert mine == [7000]
        balance, held = self.before
        assert await self.stage.credits() == (balance - 3000, held + 3000)


@dataclass
class Confirm(Story):
    """The client pays by card."""

    async def prepare(self) -> None:
        self.order = await self.market.open_order(9_999)

    async def act(self) -> None:
        body = {"order_id": self.order["order_id"], "payment_method": "pm_card_visa"}
        await self.send("POST", "/api/v1/payments/confirm/", body, headers_for(self.market.client_id))

    async def check(self) -> None:
        order_id = self.order["order_id"]
        assert self.answered()["status"] == "succeeded"
        assert await self.stage.charges(order_id) == [9_999]
        assert await self.stage.count(PaymentSucceeded, order_id=order_id) == 1


@dataclass
class Purchase(Story):
    """The client buys credits and pays them."""

    async def prepare(self) -> None:
        self.before = (await self.stage.credits())[0]

    async def act(self) -> None:
        who, body = headers_for(self.market.client_id), {"amount": usd(700)}
        bought = await self.send("POST", "/api/v1/credits/purchase/", body, who)
        if bought.status_code == 201:
            self.order_id = bought.json()["order_id"]
            confirm = {"order_id": self.order_id, "payment_method": "pm_card_visa"}
            headers = who | {"Idempotency-Key": f"{self.key}/pay"}
            self.answers.append(await self.stage.send("POST", "/api/v1/payments/confirm/", confirm, headers))

    async def check(self) -> None:
        assert self.answered()["status"] == "succeeded"
        assert (await self.stage.credits())[0] == self.before + 700
        assert await self.stage.charges(self.order_id) == [700]
        assert await self.stage.count(CreditsPurchased, order_id=self.order_id) == 1


@dataclass
class Close(Story):
    """Booking gives up an order that nobody has paid."""

    async def prepare(self) -> None:
        await self.buy(3000)
        self.before = await self.stage.credits()
        self.order = await self.market.open_order(10_000, 3000)

    async def act(self) -> None:
        await self.ask(f"{self.order['order_id']}/close/", {"reason": "cancelled"})

    async def check(self) -> None:
        assert self.answered()["status"] == "cancelled"
        await self.is_over()

    async def is_over(self) -> None:
        """The credits are back, and nobody can pay."""
        order_id = self.order["order_id"]
        intent = await self.market.stripe_api.get(f"/payment_intents/{await self.stage.intent_of(order_id)}")
        assert intent.json()["status"] == "canceled"
        assert await self.stage.one("select status from orders where id = :id", id=order_id) == "cancelled"
        assert await self.stage.credits() == self.before
        assert await self.stage.count(PaymentSucceeded, order_id=order_id) == 0


@dataclass
class Expire(Close):
    """Nobody pays, and nobody closes the order: payments does a minute after its expiry."""

    async def prepare(self) -> None:
        await super().prepare()
        self.market.clock.advance(timedelta(minutes=17))

    async def act(self) -> None:
        await self.market.work()

    async def check(self) -> None:
        await self.is_over()


@dataclass
class PaidBeforeClosing(Close):
    """The card was charged before the order is closed, and nobody has heard of it."""

    async def prepare(self) -> None:
        await super().prepare()
        await self.before_the_charge()
        path = f"/payment_intents/{await self.stage.intent_of(self.order['order_id'])}/confirm"
        paid = await self.market.stripe_api.post(path, data={"payment_method": "pm_card_visa"})
        assert paid.json()["status"] == "succeeded"

    async def before_the_charge(self) -> None:
        """What became of the order before the card was charged: nothing."""

    async def check(self) -> None:
        assert self.answered()["status"] == "paid"
        balance, held = self.before
        assert await self.stage.credits() == (balance - 3000, held)
        assert await self.stage.charges(self.order["order_id"]) == [7000]
        assert await self.stage.count(PaymentSucceeded, order_id=self.order["order_id"]) == 1


@dataclass
class PaidLate(PaidBeforeClosing):
    """The card is charged though the order was given up; booking gets the slot again and takes the credits again."""

    async def before_the_charge(self) -> None:
        async with self.market.runtime.db.transaction() as session:
            order = await Orders(session).get(UUID(self.order["order_id"]), lock=True)
            await move(session, order, OrderStatus.CANCELLED)

    async def act(self) -> None:
        await self.stage.work()
        await self.ask(f"{self.order['order_id']}/retake/", {})
