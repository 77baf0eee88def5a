"""Holds that open and end at random while payouts are asked for, approved and transferred: no held money leaves."""

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from devtools.testing.crashes import Crashes
from services.payments.payouts.jobs import advance_payouts
from services.payments.tests.books import differences
from services.payments.tests.holding import end_hold, lines_of, put_hold
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from shared.records.clock import machine_now
from shared.records.ids import new_id

ROUNDS, ACTS = 10, 12


@dataclass
class Hold:
    """What was held, from the answer that said so until its end was asked for; the machine's time."""

    cause_id: UUID
    held: str
    since: datetime
    until: datetime | None = None

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether it was open all that time."""
        return self.since <= start and (self.until is None or end <= self.until)


@dataclass
class Crowd:
    """Whoever holds, and who wants to be paid, all at once."""

    market: Market
    rng: random.Random
    lines: list[str] = field(default_factory=list)
    sales: list[Sale] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    approvals: list[tuple[datetime, datetime]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    async def sell(self) -> None:
        sale = await self.market.earned(self.rng.randint(9000, 20_000))
        self.sales.append(sale)
        self.lines += await lines_of(self.market, sale)

    async def hold_line(self) -> None:
        line_id = self.rng.choice(self.lines)
        await self._hold(line_id, line_ids=[line_id])

    async def hold_payouts(self) -> None:
        await self._hold("payouts", practitioner_id=str(self.market.practitioner_id))

    async def _hold(self, what: str, **body: object) -> None:
        cause_id = new_id()
        answer = await put_hold(self.market, cause_id, **body)
        assert answer.status_code == 200, answer.text
        self.holds.append(Hold(cause_id, what, machine_now()))

    async def end(self) -> None:
        open_ones = [hold for hold in self.holds if hold.until is None]
        if open_ones:
            await self.end_one(self.rng.choice(open_ones))

    async def end_all(self, *held: str) -> None:
        for hold in self.holds:
            if hold.held in held:
                await self.end_one(hold)

    async def end_one(self, hold: Hold) -> None:
        hold.until = hold.until or machine_now()
        assert (await end_hold(self.market, hold.cause_id)).status_code == 200

    async def ask(self) -> None:
        answer = await self.market.ask(self.rng.randint(5000, 9000))
        assert answer.status_code in (201, 409, 422), answer.text
        self.counts[f"asked {answer.status_code}"] += 1

    async def approve(self) -> None:
        rows = await self.market.sql("select id from payouts where status = 'eligible' order by id")
        if not rows:
            return
        start = machine_now()
        answer = await self.market.approve(str(self.rng.choice(rows)[0]))
        assert answer.status_code in (200, 409, 503), answer.text
        self.counts[f"approved {answer.status_code}"] += 1
        if answer.status_code == 200:
            self.approvals.append((start, machine_now()))

    async def refund(self) -> None:
        answer = await self.market.refund(self.rng.choice(self.sales), self.rng.randint(1, 2000))
        assert answer.status_code in (200, 409, 422), answer.text

    async def transfer(self) -> None:
        await advance_payouts(self.market.runtime)

    async def act(self) -> None:
        """Somebody does something within a second, while a hold of payouts may be open already."""
        acts = [self.hold_line] * 3 + [self.end] * 6 + [self.ask] * 4 + [self.approve] * 6 + [self.transfer] * 2
        chosen = self.rng.choice([*acts, self.hold_payouts, self.refund])
        await asyncio.sleep(self.rng.random())
        await chosen()

    async def transferred_though_held(self) -> list[tuple[str, str]]:
        """Payouts whose transfer was begun while one of their lines was held all the time, with the line."""
        rows = await self.market.sql("""
            select distinct e.payout_id, e.line_id, c.first_sent_at
            from payments.earnings e
            join payments.provider_calls c on c.purpose = 'transfer' and c.subject_id = e.payout_id
        """)
        self.counts["transferred lines"] = len(rows)
        return [
            (str(payout_id), str(line_id))
            for payout_id, line_id, sent in rows
            for hold in self.holds
            if hold.held == str(line_id) and hold.covers(sent, sent)
        ]

    def approved_though_held(self) -> list[tuple[datetime, datetime]]:
        """Approvals that succeeded while the practitioner's payouts were held from before until after."""
        return [each for each in self.approvals for hold in self.holds if hold.held == "payouts" and hold.covers(*each)]


async def test_no_transfer_has_held_money(market: Market) -> None:
    await market.account()
    crowd, stage = Crowd(market, random.Random(1)), Stage(market, Crashes())
    for _ in range(4):
        await crowd.sell()
    for number in range(ROUNDS):
        await crowd.sell()
        await asyncio.gather(*(crowd.act() for _ in range(ACTS)))
        assert await broken(market) == {}
        if number % 2:
            await crowd.end_all("payouts")
    await crowd.end_all("payouts", *crowd.lines)
    for _ in range(6):
        await stage.work()
        await asyncio.sleep(0.1)
    assert await broken(market) == {}
    assert await crowd.transferred_though_held() == []
    assert crowd.approved_though_held() == []
    assert await differences(stage) == []
    assert await market.sql("select id from payments.earnings where status = 'held'") == []
    assert crowd.counts["approved 200"]
    assert crowd.counts["approved 409"]
    assert crowd.counts["transferred lines"]
