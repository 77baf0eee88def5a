"""Random orders of 1 to 12 lines with random refunds and holds, until all of it has ended: no line has a rest.

Some are captured by hand, by us or at Stripe, and there some in part.

By default 12 orders; ESTUARY_ORDERS=500 takes 500.
"""

import os
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from devtools.testing.crashes import Crashes
from services.payments.tests.books import differences
from services.payments.tests.captures import capture, capture_there, hear, intent
from services.payments.tests.holding import held, let_go
from services.payments.tests.sales import ended, line, paid, put, usd
from services.payments.tests.scenes import Json, Market, Sale
from services.payments.tests.stories import Stage
from services.payments.tests.test_invariants import broken
from shared.events.booking import BookingConfirmed
from shared.records.ids import new_id

FEW = 12
ORDERS = int(os.environ.get("ESTUARY_ORDERS", FEW))
CONCURRENCY = 6
RATES = ["0.2000", "0.1500", "0.3333", "0.0001", "0.9999", "1.0000", "0.0000"]
RELEASES: list[list[tuple[int, str]]] = [
    [],
    [],
    [(100, "paid")],
    [(30, "paid"), (70, "completed")],
    [(33, "completed"), (33, "paid"), (34, "completed")],
]
LINES = """
    select l.id, l.gross, l.refunded, l.practitioner_id is null, e.net, e.commission
    from payments.order_lines l join payments.orders o on o.id = l.order_id
    left join (
        select line_id, sum(net - owed) as net, sum(commission - owed_commission) as commission
        from payments.earnings group by line_id
    ) e on e.line_id = l.id
    where o.kind = 'event'
"""
OPEN = "select id from payments.earnings where status in ('pending', 'held')"


@dataclass
class Sold:
    """An order under way, which of its lines have not ended, and the causes that hold some."""

    sale: Sale
    lines: list[Json]
    confirmed: bool = False
    running: list[Json] = field(default_factory=list)
    held: list[UUID] = field(default_factory=list)


class Fair:
    """Many who sell together; each step is what somebody may do at any time."""

    def __init__(self, market: Market, chance: random.Random) -> None:
        self.market, self.chance = market, chance
        self.sellers = [market.practitioner_id, *(new_id() for _ in range(4)), None]

    async def open(self) -> Sold:
        lines = [self.line() for _ in range(self.chance.randint(1, 12))]
        total = sum(each["gross_amount"]["amount"] for each in lines)
        credits: Any = self.chance.choice([None, "max", usd(total // 2 if total > 200 else 0)])
        buy = self.captured if self.chance.random() < 0.25 else paid
        return Sold(await buy(self.market, lines, credits=credits), lines, running=[*lines])

    async def captured(self, market: Market, lines: list[Json], credits: Any) -> Sale:
        """As `paid`, by a capture: by us, or at Stripe, where some capture but a part."""
        order = (await put(market, lines, credits=credits, capture="manual")).json()
        if order["status"] == "open":
            assert (await market.pay(order["order_id"]))["status"] == "processing"
            if self.chance.random() < 0.5:
                await self.captured_there(order)
        assert (await capture(market, order["order_id"])).json()["status"] == "paid"
        return Sale(UUID(order["order_id"]), market.snapshot(new_id(), order))

    async def captured_there(self, order: Json) -> None:
        due = order["amount_due"]["amount"]
        await capture_there(self.market, order["order_id"], self.chance.choice([due, self.chance.randint(1, due)]))
        charge_id = (await intent(self.market, order["order_id"]))["latest_charge"]
        await hear(self.market, "charge.refunded", charge_id)

    def line(self) -> Json:
        gross = self.chance.choice([50, 51, 99, 100, 3333, self.chance.randint(50, 20_000)])
        return line(gross, self.chance.choice(self.sellers), *self.chance.choice(RELEASES))

    async def step(self, sold: Sold) -> None:
        """Confirms first, as a rule; a refund may come before."""
        if not sold.confirmed and self.chance.random() < 0.8:
            sold.confirmed = True
            await self.market.tell(BookingConfirmed(booking=sold.sale.booking))
        elif self.chance.random() < 0.4:
            await self.refund(sold)
        elif self.chance.random() < 0.4:
            await self.hold(sold)
        elif sold.confirmed and sold.running:
            await ended(self.market, sold.sale, sold.running.pop(self.chance.randrange(len(sold.running))))

    async def hold(self, sold: Sold) -> None:
        """Another cause holds some of its lines, or one that does has ended."""
        if sold.held and self.chance.random() < 0.5:
            await let_go(self.market, sold.held.pop(self.chance.randrange(len(sold.held))))
            return
        some = self.chance.sample(sold.lines, self.chance.randint(1, len(sold.lines)))
        sold.held.append(await held(self.market, line_ids=[each["id"] for each in some]))

    async def refund(self, sold: Sold) -> None:
        more: Json = {"amount": None}
        match self.chance.choice(["lines", "lines", "lines", "amount", "all"]):
            case "lines":
                some = self.chance.sample(sold.lines, self.chance.randint(1, len(sold.lines)))
                more = {"lines": [{"line_id": each["id"], "amount": usd(self.part_of(each))} for each in some]}
            case "amount":
                more = {"amount": usd(self.chance.randint(1, 9000))}
        answer = await self.market.refund(sold.sale, **more | {"cancels": self.chance.random() < 0.7})
        assert answer.status_code in (200, 409, 422), answer.text

    def part_of(self, of: Json) -> int:
        gross: int = of["gross_amount"]["amount"]
        return self.chance.choice([1, gross, gross // 3, self.chance.randint(1, gross)])

    async def time_passes(self) -> None:
        """Money becomes available; now and then it is paid out, so that later refunds are debt."""
        self.market.clock.advance(timedelta(hours=24))
        await self.market.work()
        answer = await self.market.ask()
        if answer.status_code == 201 and self.chance.random() < 0.8:
            await self.market.approve(answer.json()["id"])
            await self.market.until(answer.json()["id"], "paid")

    async def finish(self, sold: Sold) -> None:
        if not sold.confirmed:
            await self.market.tell(BookingConfirmed(booking=sold.sale.booking))
        for each in sold.running:
            await ended(self.market, sold.sale, each)
        for cause_id in sold.held:
            await let_go(self.market, cause_id)


@pytest.mark.timeout(3600)
async def test_rule_18_what_was_paid_for_a_line_is_refunded_net_and_commission(
    market: Market, buy_credits: Callable[[int], Awaitable[str]], say: Callable[[str], None]
) -> None:
    fair = Fair(market, chance := random.Random(18))
    await market.account()
    await buy_credits(9_000_000)
    for seller in filter(None, fair.sellers):
        rate = chance.choice(RATES)
        await market.owner_sql(f"insert into payments.commission_terms values ('{seller}', {rate}, now())")
    for first in range(0, ORDERS, CONCURRENCY):
        await some_orders(fair, min(CONCURRENCY, ORDERS - first))
        assert await broken(market) == {}
    if ORDERS > FEW:
        say(await summary(market))
    assert await market.sql(OPEN) == []
    for line_id, gross, refunded, is_own, net, commission in await market.sql(LINES):
        earned = gross - refunded if is_own else (net or 0) + (commission or 0)
        assert gross == refunded + earned, line_id
    assert await differences(Stage(market, Crashes())) == []


async def some_orders(fair: Fair, count: int) -> None:
    """From opening to their end, with time passing meanwhile."""
    under_way = [await fair.open() for _ in range(count)]
    for _ in range(6 * count):
        await fair.step(fair.chance.choice(under_way))
        if fair.chance.random() < 0.1:
            await fair.time_passes()
    for sold in under_way:
        await fair.finish(sold)
    await fair.time_passes()


async def summary(market: Market) -> str:
    """How much happened."""
    counts = {name: (await market.sql(f"select count(*) from payments.{name}"))[0][0] for name in COUNTED}
    debts = "select count(*) from payments.earnings where owed > 0 or repaid > 0"
    return f"{counts}, {(await market.sql(debts))[0][0]} earnings with debt"


COUNTED = ("order_lines", "earnings", "refunds", "payouts", "ledger_transfers")
