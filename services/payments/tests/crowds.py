"""A crowd: practitioners who sell together and want to be paid, services and banks that hold, all at once."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from services.payments.chargebacks.service import sync_dispute
from services.payments.payouts import service as payouts
from services.payments.payouts.errors import PayoutsOnHold
from services.payments.tests.holding import end_hold, put_hold
from services.payments.tests.sales import confirmed, ended, line, usd
from services.payments.tests.scenes import Market, Sale, happen
from services.payments.tests.stories import Stage
from shared.records.clock import machine_now
from shared.records.ids import new_id
from shared.records.state import IllegalTransition

RELEASES: list[list[tuple[int, str]]] = [[], [], [(30, "paid"), (70, "completed")], [(50, "completed"), (50, "paid")]]
LEAVING = "select distinct line_id from payments.earnings where status = 'in_payout' order by line_id"


@dataclass
class Hold:
    """What was held, from the answer that said so until its end was asked for; the machine's time."""

    cause_id: Any
    held: frozenset[str]
    since: datetime
    until: datetime | None = None

    def covers(self, start: datetime, end: datetime) -> bool:
        """Whether it was open all that time."""
        return self.since <= start and (self.until is None or end <= self.until)


@dataclass
class Sold:
    """An order, its lines' ids, and the bank's case about it, of which there is one at most."""

    sale: Sale
    line_ids: list[str]
    dispute_id: str | None = None
    was_disputed: bool = False


@dataclass
class Crowd:
    """Whoever holds, and who wants to be paid; `lost` are the lines of disputes that banks decided for clients.

    `payouts`: whose was made or approved, and when at the earliest and the latest.
    """

    stage: Stage
    rng: random.Random
    sellers: Sequence[Market]
    sold: list[Sold] = field(default_factory=list)
    holds: list[Hold] = field(default_factory=list)
    payouts: list[tuple[str, datetime, datetime]] = field(default_factory=list)
    lost: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    @classmethod
    async def of(cls, stage: Stage, rng: random.Random) -> "Crowd":
        """Three practitioners with their accounts."""
        others = [replace(stage.market, practitioner_id=new_id(), user_id=new_id()) for _ in range(2)]
        sellers = [stage.market, *others]
        for seller in sellers:
            await seller.account()
        return cls(stage, rng, sellers)

    @property
    def market(self) -> Market:
        """Where all this happens."""
        return self.stage.market

    async def sell(self) -> None:
        """An order of one to four lines; most of them end, and what they earned becomes available."""
        lines = [self._line() for _ in range(self.rng.randint(1, 4))]
        sale = await confirmed(self.market, lines, credits=self.rng.choice([None, None, usd(2000)]))
        self.sold.append(Sold(sale, [each["id"] for each in lines]))
        for each in lines:
            if self.rng.random() < 0.8:
                await ended(self.market, sale, each)
        self.market.clock.advance(timedelta(hours=24))
        await self.market.work()

    def _line(self) -> dict[str, Any]:
        seller = self.rng.choice(self.sellers).practitioner_id
        return line(self.rng.randint(5000, 20_000), seller, *self.rng.choice(RELEASES))

    # ---- who holds

    async def hold_lines(self) -> None:
        """Some of all lines, or of those whose money a payout has taken and may be about to transfer."""
        leaving = [str(row[0]) for row in await self.market.sql(LEAVING)]
        every = [line_id for sold in self.sold for line_id in sold.line_ids]
        among = leaving if leaving and self.rng.random() < 0.5 else every
        chosen = self.rng.sample(among, min(len(among), self.rng.randint(1, 3)))
        await self._hold(chosen, line_ids=chosen)

    async def hold_payouts(self) -> None:
        seller = str(self.rng.choice(self.sellers).practitioner_id)
        await self._hold([seller], practitioner_id=seller)

    async def _hold(self, held: Sequence[str], **body: Any) -> None:
        cause_id = new_id()
        answer = await put_hold(self.market, cause_id, **body)
        assert answer.status_code == 200, answer.text
        self.holds.append(Hold(cause_id, frozenset(held), machine_now()))

    async def end(self) -> None:
        open_ones = [hold for hold in self.holds if hold.until is None and isinstance(hold.cause_id, UUID)]
        if open_ones:
            await self.end_one(self.rng.choice(open_ones))

    async def end_payouts(self) -> None:
        """Nothing holds a practitioner's payouts any more."""
        sellers = {str(seller.practitioner_id) for seller in self.sellers}
        for hold in self.holds:
            if hold.held & sellers:
                await self.end_one(hold)

    async def end_all(self) -> None:
        """Every cause ends but for what banks have decided."""
        for hold in self.holds:
            if isinstance(hold.cause_id, UUID):
                await self.end_one(hold)
        while any(sold.dispute_id for sold in self.sold):
            await self.decide()

    async def end_one(self, hold: Hold) -> None:
        hold.until = hold.until or machine_now()
        assert (await end_hold(self.market, hold.cause_id)).status_code == 200

    # ---- clients' banks

    async def dispute(self) -> None:
        """A bank takes the money of an order back, until it has decided."""
        free = [sold for sold in self.sold if not sold.was_disputed]
        if not free:
            return
        sold = self.rng.choice(free)
        sold.was_disputed = True
        intent = await self.stage.intent_of(sold.sale.order_id)
        await happen(self.market.stripe_api, "dispute_opened", intent)
        found = await self.stage.listed("/disputes", payment_intent=intent)
        dispute_id = str(found[0]["id"])
        await sync_dispute(self.market.runtime, dispute_id)
        self.holds.append(Hold(dispute_id, frozenset(sold.line_ids), machine_now()))
        sold.dispute_id = dispute_id
        self.counts["disputes"] += 1

    async def decide(self) -> None:
        """A bank decides, mostly for those who sold."""
        open_ones = [sold for sold in self.sold if sold.dispute_id]
        if not open_ones:
            return
        sold = self.rng.choice(open_ones)
        dispute_id, sold.dispute_id = sold.dispute_id, None
        how = self.rng.choice(["won", "won", "lost"])
        if how == "lost":
            self.lost |= {*sold.line_ids}
        else:
            self._note_end(dispute_id)
        await happen(self.market.stripe_api, "dispute_closed", str(dispute_id), status=how)
        await sync_dispute(self.market.runtime, str(dispute_id))
        self.counts[how] += 1

    def _note_end(self, dispute_id: str | None) -> None:
        for hold in self.holds:
            if hold.cause_id == dispute_id:
                hold.until = hold.until or machine_now()

    # ---- who wants money

    async def ask(self) -> None:
        seller, start = self.rng.choice(self.sellers), machine_now()
        answer = await seller.ask(self.rng.randint(5000, 12_000))
        assert answer.status_code in (201, 409, 422), answer.text
        self.counts[f"asked {answer.status_code}"] += 1
        if answer.status_code == 201:
            self.payouts.append((str(seller.practitioner_id), start, machine_now()))

    async def approve(self) -> None:
        rows = await self.market.sql("select id, practitioner_id from payouts where status = 'eligible' order by id")
        if not rows:
            return
        payout_id, seller = self.rng.choice(rows)
        start = machine_now()
        approved = await self.rng.choice([self._approved, self._approved_only])(payout_id)
        self.counts[f"approved {approved}"] += 1
        if approved == 200:
            self.payouts.append((str(seller), start, machine_now()))

    async def _approved(self, payout_id: UUID) -> int:
        answer = await self.market.approve(str(payout_id))
        assert answer.status_code in (200, 409, 503), answer.text
        return int(answer.status_code)

    async def _approved_only(self, payout_id: UUID) -> int:
        """The process dies before it asks for the transfer, which is the job's then."""
        try:
            async with self.market.runtime.db.transaction() as session:
                await payouts.start(session, payout_id, new_id(), None)
        except (PayoutsOnHold, IllegalTransition):
            return 409
        return 200

    async def refund(self) -> None:
        sold = self.rng.choice(self.sold)
        some = self.rng.sample(sold.line_ids, self.rng.randint(1, len(sold.line_ids)))
        lines = [{"line_id": each, "amount": usd(self.rng.randint(1, 3000))} for each in some]
        answer = await self.market.refund(sold.sale, lines=lines)
        assert answer.status_code in (200, 409, 422), answer.text
        self.counts[f"refunded {answer.status_code}"] += 1

    async def transfer(self) -> None:
        """The job makes the next steps, also of payouts whose approval has died."""
        await self.market.advance()

    async def act(self) -> None:
        """Somebody does something within a second, while anything else may happen."""
        acts = [self.hold_lines] * 3 + [self.end] * 5 + [self.ask] * 6 + [self.approve] * 8 + [self.transfer] * 2
        chosen = self.rng.choice([*acts, self.hold_payouts, self.refund, self.refund, self.dispute, self.decide])
        await asyncio.sleep(self.rng.random())
        await chosen()

    # ---- what must not have happened

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
            if str(line_id) in hold.held and hold.covers(sent, sent)
        ]

    def let_go_though_held(self) -> list[str]:
        """Whose payout was made or approved while all of theirs were held from before until after."""
        return [
            seller
            for seller, *during in self.payouts
            for hold in self.holds
            if seller in hold.held and hold.covers(during[0], during[1])
        ]
