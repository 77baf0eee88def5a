"""Memberships: begun, renewed, and paid back."""

from dataclasses import dataclass
from datetime import datetime

from services.payments.tests.members import Member
from services.payments.tests.scenes import Sale
from services.payments.tests.stories import Json
from services.payments.tests.stories_of_subscriptions import OfSubscriber
from services.payments.tests.subscribers import SUBSCRIPTIONS
from shared.events.booking import BookingConfirmed
from shared.records.ids import new_id


@dataclass
class OfMember(OfSubscriber):
    """Each story has a member and a plan of its own."""

    async def prepare(self) -> None:
        await super().prepare()
        self.member = Member(self.market, self.subscriber)
        self.plan = await self.member.offer(code=f"club-{new_id().hex}")

    async def begin(self) -> Json:
        """A membership whose first period is paid."""
        return await self.subscriber.subscribe(self.plan["code"], payment_method_id=self.card["id"])

    async def balance(self) -> int:
        """What the member can spend."""
        answer = await self.market.api.get("/api/v1/credits/balance/", headers=self.subscriber.headers)
        return int(answer.json()["balance"]["amount"])


@dataclass
class Join(OfMember):
    """With a saved card, which is charged at once."""

    async def act(self) -> None:
        body = {"plan_id": self.plan["id"], "interval": "month", "payment_method_id": self.card["id"]}
        await self.send("POST", SUBSCRIPTIONS, body, self.subscriber.headers)

    async def check(self) -> None:
        made = self.answered(201)
        assert await self.member.benefits(made) == (1000, 2)
        assert await self.balance() == 1000


@dataclass
class NextPeriod(OfMember):
    """The job charges it."""

    async def prepare(self) -> None:
        await super().prepare()
        self.made = await self.begin()
        self.market.clock.advance(datetime.fromisoformat(self.made["current_period_end"]) - self.market.clock.now())

    async def act(self) -> None:
        await self.market.work()

    async def check(self) -> None:
        assert await self.member.benefits(self.made) == (1000, 2)
        assert await self.balance() == 2000


@dataclass
class UseSession(OfMember):
    """It pays a seat."""

    async def prepare(self) -> None:
        await super().prepare()
        self.made = await self.begin()
        self.order_id, self.booking_id = new_id(), new_id()

    async def act(self) -> None:
        client = str(self.subscriber.wallet.client_id)
        answer = await self.member.ask(order_id=self.order_id, booking_id=self.booking_id, client_id=client)
        self.answers.append(answer)

    async def check(self) -> None:
        assert self.answered(200)["status"] == "paid"
        assert await self.member.benefits(self.made) == (1000, 1)


@dataclass
class ReturnSession(UseSession):
    """It was confirmed, and is cancelled in time."""

    async def prepare(self) -> None:
        await super().prepare()
        await super().act()
        self.sale = Sale(self.order_id, self.market.snapshot(self.booking_id, self.answered(200)))
        await self.market.tell(BookingConfirmed(booking=self.sale.booking))
        self.refund_id = new_id()

    async def act(self) -> None:
        await self.member.give_back(self.sale, refund_id=self.refund_id)

    async def check(self) -> None:
        assert await self.member.benefits(self.made) == (1000, 2)
