"""Subscriptions: begun, renewed, tried again, and given up."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from devtools.testing.callers import headers_for
from services.payments.tests.stories import Json, Story
from services.payments.tests.subscribers import SUBSCRIPTIONS, Subscriber
from services.payments.tests.vaults import Wallet
from shared.events.subscriptions import (
    SubscriptionActivated,
    SubscriptionEnded,
    SubscriptionEvent,
    SubscriptionPastDue,
    SubscriptionRenewed,
    SubscriptionResumed,
)
from shared.records.ids import new_id

DAY = timedelta(days=1)


@dataclass
class OfSubscriber(Story):
    """Each story has a practitioner of its own."""

    async def prepare(self) -> None:
        market = self.market
        wallet = Wallet(market.app, market.api, market.stripe_api, market.clock, new_id())
        self.subscriber = Subscriber(wallet, new_id())
        self.card = await wallet.save()
        self.plan = await self.subscriber.plan("entry")

    async def begin(self) -> Json:
        """A subscription whose first period is paid."""
        return await self.subscriber.subscribe(payment_method_id=self.card["id"])

    async def count_of(self, kind: type[SubscriptionEvent], made: Json) -> int:
        """How many such events of it have left."""
        events = [event for event in await self.subscriber.events() if type(event) is kind]
        return sum(str(event.subscription.id) == made["id"] for event in events)

    async def statuses(self, made: Json) -> list[str]:
        """Of its periods, oldest first."""
        return [period["status"] for period in await self.subscriber.periods(made["id"])]


@dataclass
class Subscribe(OfSubscriber):
    """With a saved card, which is charged at once."""

    async def act(self) -> None:
        body = {"plan_id": self.plan["id"], "interval": "month", "payment_method_id": self.card["id"]}
        await self.send("POST", SUBSCRIPTIONS, body, self.subscriber.headers)

    async def check(self) -> None:
        made = self.answered(201)
        shown = await self.subscriber.show(made["id"])
        assert (shown["status"], await self.statuses(made)) == ("active", ["paid"])
        assert await self.subscriber.paid() == [2900]
        assert await self.count_of(SubscriptionActivated, made) == 1


@dataclass
class Renew(OfSubscriber):
    """The job charges the next period."""

    async def prepare(self) -> None:
        await super().prepare()
        self.made = await self.begin()
        self.market.clock.advance(datetime.fromisoformat(self.made["current_period_end"]) - self.market.clock.now())

    async def act(self) -> None:
        await self.market.work()

    async def check(self) -> None:
        assert await self.statuses(self.made) == ["paid", "paid"]
        assert await self.subscriber.paid() == [2900, 2900]
        assert await self.count_of(SubscriptionRenewed, self.made) == 1


@dataclass
class RenewFails(Renew):
    """Its card is declined."""

    async def prepare(self) -> None:
        await super().prepare()
        stripe_id = await self.stage.one("select stripe_id from payment_methods where id = :id", id=self.card["id"])
        await self.stage.happen("card", stripe_id, declined="insufficient_funds")

    async def check(self) -> None:
        assert await self.statuses(self.made) == ["paid", "open"]
        assert await self.subscriber.paid() == [2900]
        assert await self.count_of(SubscriptionPastDue, self.made) == 1


@dataclass
class GiveUp(RenewFails):
    """It is declined to the end."""

    async def prepare(self) -> None:
        await super().prepare()
        await self.stage.work()
        self.market.clock.advance(7 * DAY)

    async def check(self) -> None:
        shown = await self.subscriber.show(self.made["id"])
        assert (shown["status"], shown["end_reason"]) == ("ended", "payment_failed")
        assert await self.statuses(self.made) == ["paid", "closed"]
        assert await self.subscriber.paid() == [2900]
        assert await self.count_of(SubscriptionEnded, self.made) == 1


@dataclass
class Rescue(RenewFails):
    """Another card is saved while the bill is overdue."""

    async def prepare(self) -> None:
        await super().prepare()
        await self.stage.work()
        await self.subscriber.wallet.save("pm_card_mastercard")

    async def check(self) -> None:
        assert await self.statuses(self.made) == ["paid", "paid"]
        assert await self.subscriber.paid() == [2900, 2900]
        assert await self.count_of(SubscriptionRenewed, self.made) == 1


@dataclass
class CancelUnpaid(OfSubscriber):
    """Before the first bill is paid."""

    async def prepare(self) -> None:
        await super().prepare()
        self.made = await self.subscriber.subscribe()

    async def act(self) -> None:
        await self.send("POST", f"{SUBSCRIPTIONS}{self.made['id']}/cancel/", {}, self.subscriber.headers)

    async def check(self) -> None:
        shown = await self.subscriber.show(self.made["id"])
        assert (shown["status"], shown["end_reason"]) == ("ended", "cancelled")
        assert await self.statuses(self.made) == ["closed"]
        assert await self.subscriber.paid() == []
        assert await self.count_of(SubscriptionEnded, self.made) == 1


@dataclass
class Resume(OfSubscriber):
    """A paused one, by hand: the period that begins is charged to the default card."""

    async def prepare(self) -> None:
        await super().prepare()
        made = await self.subscriber.subscribe("organizer")
        until = datetime.fromisoformat(made["trial_until"]) + 30 * DAY
        self.made = (await self.subscriber.change(made["id"], "pause", until=until.isoformat())).json()
        self.market.clock.advance(datetime.fromisoformat(made["trial_until"]) - self.market.clock.now() + DAY)

    async def act(self) -> None:
        await self.send("POST", f"{SUBSCRIPTIONS}{self.made['id']}/resume/", {}, self.subscriber.headers)

    async def check(self) -> None:
        assert (await self.subscriber.show(self.made["id"]))["status"] == "active"
        assert await self.statuses(self.made) == ["paid"]
        assert await self.subscriber.paid() == [4900]
        assert await self.count_of(SubscriptionResumed, self.made) == 1


@dataclass
class ResumeAtItsTime(Resume):
    """By the job."""

    async def prepare(self) -> None:
        await super().prepare()
        self.market.clock.advance(30 * DAY)

    async def act(self) -> None:
        await self.market.work()


@dataclass
class CancelByStaff(OfSubscriber):
    """Now, and all that was paid goes back."""

    async def prepare(self) -> None:
        await super().prepare()
        self.made = await self.begin()
        self.by = headers_for(roles=("user", "staff")) | {"X-Confirm-Action": "true"}

    async def act(self) -> None:
        path = f"{SUBSCRIPTIONS.replace('/subscriptions', '/admin/subscriptions')}{self.made['id']}/cancel/"
        await self.send("POST", path, {"at": "now", "refund": "all"}, self.by)

    async def check(self) -> None:
        shown = await self.subscriber.show(self.made["id"])
        assert (shown["status"], shown["end_reason"]) == ("ended", "cancelled")
        assert await self.subscriber.paid() == [2900]
        order_id = (await self.subscriber.periods(self.made["id"]))[0]["order_id"]
        refunds = await self.stage.one("select array_agg(card) from refunds where order_id = :id", id=order_id)
        assert refunds == [2900]
        assert await self.count_of(SubscriptionEnded, self.made) == 1
