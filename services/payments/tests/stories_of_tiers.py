"""Tiers of streams: subscribed to by a fan, renewed, and gone with their stream."""

from dataclasses import dataclass
from datetime import datetime

from devtools.testing.callers import service_headers
from services.payments.tests.stories import Json
from services.payments.tests.stories_of_subscriptions import OfSubscriber
from services.payments.tests.tiers import Tier
from shared.events.payments import PaymentSucceeded
from shared.events.subscriptions import SubscriptionActivated, SubscriptionEnded, SubscriptionRenewed
from shared.records.ids import new_id

EARNED = "select coalesce(sum(net), 0) from payments.earnings where practitioner_id = :id"


@dataclass
class OfFan(OfSubscriber):
    """Each story has a fan and a stream of its own."""

    async def prepare(self) -> None:
        await super().prepare()
        self.tier, self.subscription_id = Tier(self.subscriber, new_id(), new_id()), new_id()
        assert (await self.tier.put()).status_code == 200

    async def begin(self) -> Json:
        """A subscription whose first month is paid."""
        made = await self.tier.subscribe(self.subscription_id, payment_method_id=self.card["id"])
        shown: Json = made["shown"]
        return shown

    async def earned(self) -> int:
        """What the stream's practitioner has earned, in minor units."""
        return int(await self.stage.one(EARNED, id=self.subscriber.practitioner_id))


@dataclass
class Become(OfFan):
    """With a saved card, which is charged at once."""

    async def act(self) -> None:
        body = {
            "user_id": str(self.subscriber.wallet.client_id),
            "plan_id": str(self.tier.plan_id),
            "interval": "month",
            "payment_method_id": self.card["id"],
        }
        path = f"/internal/subscriptions/{self.subscription_id}/"
        self.answers.append(await self.stage.send("PUT", path, body, service_headers("streams")))

    async def check(self) -> None:
        made = self.answered()["shown"]
        shown = await self.subscriber.show(made["id"])
        assert (shown["status"], await self.statuses(made)) == ("active", ["paid"])
        assert (await self.subscriber.paid(), await self.earned()) == ([500], 400)
        assert await self.count_of(SubscriptionActivated, made) == 1
        assert await self.stage.count(PaymentSucceeded, subject_id=made["id"]) == 1


@dataclass
class StayFan(OfFan):
    """The job charges the next month."""

    async def prepare(self) -> None:
        await super().prepare()
        self.made = await self.begin()
        self.market.clock.advance(datetime.fromisoformat(self.made["current_period_end"]) - self.market.clock.now())

    async def act(self) -> None:
        await self.market.work()

    async def check(self) -> None:
        assert await self.statuses(self.made) == ["paid", "paid"]
        assert (await self.subscriber.paid(), await self.earned()) == ([500, 500], 800)
        assert await self.count_of(SubscriptionRenewed, self.made) == 1


@dataclass
class StreamGoes(OfFan):
    """Streams says so, and again."""

    async def prepare(self) -> None:
        await super().prepare()
        self.made = await self.begin()

    async def act(self) -> None:
        self.answers.append(await self.tier.put(version=99, is_active=False, is_gone=True))

    async def check(self) -> None:
        assert self.answered() == {"version": 99}
        shown = await self.subscriber.show(self.made["id"])
        assert (shown["status"], shown["end_reason"]) == ("ended", "cancelled")
        assert await self.count_of(SubscriptionEnded, self.made) == 1
