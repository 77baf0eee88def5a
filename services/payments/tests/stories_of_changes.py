"""Changes of plan: paid for, waiting, replaced, undone, and given up."""

from dataclasses import dataclass
from datetime import timedelta

from services.payments.tests.stories import Json
from services.payments.tests.stories_of_subscriptions import DAY, OfSubscriber
from services.payments.tests.subscribers import SUBSCRIPTIONS, moment, terms
from shared.events.subscriptions import SubscriptionChanged


@dataclass
class ChangeUp(OfSubscriber):
    """The difference is charged at once."""

    to: tuple[str, str] = ("premium", "month")

    async def prepare(self) -> None:
        await super().prepare()
        self.made = await self.begin()
        self.wanted = await self.subscriber.plan(self.to[0])

    async def act(self) -> None:
        body = {"plan_id": self.wanted["id"], "interval": self.to[1]}
        await self.send("POST", f"{SUBSCRIPTIONS}{self.made['id']}/change/", body, self.subscriber.headers)

    async def check(self) -> None:
        assert terms(self.answered(200)) == ("premium", "month", 7900, None)
        assert await self.statuses(self.made) == ["paid"]
        await self.happened_once([2900, 5000])

    async def happened_once(self, charges: list[int]) -> None:
        """These charges, and one event."""
        assert await self.subscriber.paid() == charges
        assert await self.count_of(SubscriptionChanged, self.made) == 1


@dataclass
class ChangeToYear(ChangeUp):
    """A new period begins at once."""

    to: tuple[str, str] = ("premium", "year")

    async def check(self) -> None:
        assert terms(self.answered(200)) == ("premium", "year", 79_000, None)
        assert await self.statuses(self.made) == ["paid", "paid"]
        await self.happened_once([2900, 76_100])


@dataclass
class ChangeAtPeriodEnd(ChangeUp):
    """What waited is in force, and the period is billed at its price."""

    async def prepare(self) -> None:
        await super().prepare()
        plans = self.subscriber
        await plans.change_to(self.made["id"], "premium")
        await plans.change_to(self.made["id"], "entry")
        end = moment((await plans.show(self.made["id"]))["current_period_end"])
        self.market.clock.advance(end - self.market.clock.now())

    async def act(self) -> None:
        await self.market.work()

    async def check(self) -> None:
        assert terms(await self.subscriber.show(self.made["id"])) == ("entry", "month", 2900, None)
        assert await self.statuses(self.made) == ["paid", "paid"]
        assert await self.subscriber.paid() == [2900, 5000, 2900]
        assert await self.count_of(SubscriptionChanged, self.made) == 2


@dataclass
class ReplaceUnpaid(ChangeUp):
    """Another change comes while the first one waits for its payment."""

    async def prepare(self) -> None:
        await super().prepare()
        await self.subscriber.wallet.run("update payments.payment_methods set is_default = false")
        self.first = await self.subscriber.change_to(self.made["id"], "premium", "year")
        await self.subscriber.wallet.run("update payments.payment_methods set is_default = true")

    async def check(self) -> None:
        await super().check()
        await self.is_closed()

    async def is_closed(self) -> None:
        """Nobody can pay the first change any more."""
        bill = self.first["payment"]["order_id"]
        assert await self.stage.one("select status from orders where id = :id", id=bill) == "cancelled"
        dropped = "select status from plan_changes where order_id = :id"
        assert await self.stage.one(dropped, id=bill) == "dropped"


@dataclass
class Undo(ReplaceUnpaid):
    """The change that waits is taken back."""

    async def act(self) -> None:
        await self.send("POST", f"{SUBSCRIPTIONS}{self.made['id']}/reactivate/", {}, self.subscriber.headers)

    async def check(self) -> None:
        assert terms(self.answered(200)) == ("entry", "month", 2900, None)
        assert await self.subscriber.paid() == [2900]
        await self.is_closed()


@dataclass
class NobodyPays(ReplaceUnpaid):
    """It was not paid in time."""

    async def prepare(self) -> None:
        await super().prepare()
        self.market.clock.advance(DAY + timedelta(seconds=1))

    async def act(self) -> None:
        await self.market.work()

    async def check(self) -> None:
        shown: Json = await self.subscriber.show(self.made["id"])
        assert terms(shown) == ("entry", "month", 2900, None)
        assert await self.subscriber.paid() == [2900]
        await self.is_closed()
