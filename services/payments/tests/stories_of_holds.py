"""Holds of other services: opened, ended, and ended before they were heard of."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from devtools.testing.callers import service_headers
from services.payments.tests.holding import held, lines_of
from services.payments.tests.stories import Story
from shared.events.payments import PayoutFailed
from shared.records.ids import new_id


@dataclass
class Hold(Story):
    """Lines are held: one is available, and an approved payout that is not transferred yet has taken the other."""

    cause_id: UUID = field(default_factory=new_id)

    async def prepare(self) -> None:
        self.account = await self.market.account()
        sales = [await self.market.earned(10_000) for _ in range(2)]
        self.line_ids = [line_id for sale in sales for line_id in await lines_of(self.market, sale)]
        self.payout_id = await self.market.approved(8000)
        self.before = await self.market.summary()

    async def asked(self, method: str, body: Any = None) -> None:
        """The service asks; the answer is kept."""
        url = f"/internal/holds/{self.cause_id}/"
        self.answers.append(await self.stage.send(method, url, body, service_headers()))

    async def act(self) -> None:
        await self.asked("PUT", {"cause": "dispute", "line_ids": self.line_ids})

    async def moved(self, name: str) -> int:
        """How much more the practitioner's summary says there than before."""
        return (await self.market.summary()).get(name, 0) - self.before.get(name, 0)

    async def check(self) -> None:
        assert self.answered() == {"is_open": True}
        assert [await self.moved(name) for name in ("held", "available", "in_payout")] == [16_000, -8000, -8000]
        query = "select status || ' ' || reason from payouts where id = :id"
        assert await self.stage.one(query, id=self.payout_id) == "failed held"
        assert await self.market.transfers(self.account) == []
        assert await self.stage.count(PayoutFailed, payout_id=self.payout_id) == 1


@dataclass
class EndHold(Hold):
    """The cause ends: what was held is available."""

    async def prepare(self) -> None:
        sale = await self.market.earned(10_000)
        self.line_ids = await lines_of(self.market, sale)
        self.cause_id = await held(self.market, line_ids=self.line_ids)
        self.before = await self.market.summary()

    async def act(self) -> None:
        await self.asked("DELETE")

    async def check(self) -> None:
        assert self.answered() == {"is_open": False}
        assert [await self.moved(name) for name in ("held", "available")] == [-8000, 8000]


@dataclass
class HoldTooLate(EndHold):
    """The end arrives before what it ends, which then holds nothing."""

    async def prepare(self) -> None:
        await super().prepare()
        self.cause_id = new_id()

    async def act(self) -> None:
        await self.asked("DELETE")
        await self.asked("PUT", {"cause": "dispute", "line_ids": self.line_ids})

    async def check(self) -> None:
        assert self.answered() == {"is_open": False}
        assert await self.moved("held") == 0


@dataclass
class HoldPayouts(Hold):
    """A practitioner's payouts are held: one that waits is not approved until the cause ends."""

    async def prepare(self) -> None:
        await self.market.account()
        await self.market.earned(10_000)
        self.payout_id = await self.market.payout()

    async def act(self) -> None:
        await self.asked("PUT", {"cause": "staff", "practitioner_id": str(self.market.practitioner_id)})

    async def check(self) -> None:
        assert (await self.market.approve(self.payout_id)).json()["code"] == "payouts_on_hold"
        await self.asked("DELETE")
        assert (await self.market.approve(self.payout_id)).status_code == 200
