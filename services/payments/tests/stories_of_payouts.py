"""Money that practitioners earn and are paid."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from devtools.testing.delivery import envelope_of
from services.payments.tests.stories import Story
from services.payments.tests.test_webhooks import event_of
from shared.events.booking import BookingCompleted, BookingConfirmed
from shared.events.payments import PayoutFailed

GOOD_BANK, BAD_BANK = "btok_us_verified", "btok_us_verified_noAccount"


@dataclass
class Earn(Story):
    """A booking is confirmed and takes place; a day later its net amount is available."""

    async def prepare(self) -> None:
        self.before = (await self.market.summary()).get("available", 0)
        self.sale = await self.market.paid_order(10_000)
        at = self.market.clock.now()
        confirmed = BookingConfirmed(booking=self.sale.booking)
        completed = BookingCompleted(booking=self.sale.booking, completed_at=at)
        self.envelopes = [envelope_of(confirmed, at), envelope_of(completed, at)]
        self.market.clock.advance(timedelta(hours=24))

    async def act(self) -> None:
        for envelope in self.envelopes:
            await self.stage.told(envelope)
        await self.market.work()

    async def check(self) -> None:
        assert (await self.market.summary())["available"] == self.before + 8000


@dataclass
class Payout(Story):
    """Staff approve a payout, and the bank takes it."""

    bank: str = GOOD_BANK

    async def prepare(self) -> None:
        account = await self.market.account()
        self.account = account["stripe_account_id"]
        await self.market.bank(account, self.bank)
        await self.market.earned(10_000)
        self.before = (await self.market.summary()).get("available", 0)
        self.payout_id = await self.market.payout(8000)

    async def act(self) -> None:
        path = f"/api/v1/admin/payouts/{self.payout_id}/approve/"
        await self.send("POST", path, None, self.market.staff)
        for _ in range(2):
            await self.stage.work()
            await asyncio.sleep(0.12)

    async def settle(self) -> None:
        async with asyncio.timeout(20):
            while (await self.status())[0] not in ("paid", "failed"):
                await self.stage.work()
                await asyncio.sleep(0.03)

    async def status(self) -> list[Any]:
        """Of the payout, and whether it has a next step."""
        query = "select status from payouts where id = :id"
        return [await self.stage.one(query, id=self.payout_id)]

    async def check(self) -> None:
        self.answered()
        await self.is_at("paid", reversed_=0, bank=["paid"])

    async def is_at(self, status: str, *, reversed_: int, bank: list[str]) -> None:
        """One transfer, and bank payouts in those states, at Stripe; one decision here."""
        assert await self.status() == [status]
        transfers = await self.stage.listed("/transfers", transfer_group=f"payout_{self.payout_id}")
        assert [(each["amount"], each["amount_reversed"]) for each in transfers] == [(8000, reversed_)]
        sent = await self.stage.listed("/payouts", self.account)
        assert [each["status"] for each in sent if each["metadata"].get("payout_id") == self.payout_id] == bank
        failed = await self.stage.count(PayoutFailed, payout_id=self.payout_id)
        assert failed == (status == "failed")
        left = self.before if status == "failed" else self.before - 8000
        assert (await self.market.summary()).get("available", 0) == left


@dataclass
class PayoutFails(Payout):
    """The bank does not take it: its transfer is reversed, and the amount is available again."""

    bank: str = BAD_BANK

    async def check(self) -> None:
        self.answered()
        await self.is_at("failed", reversed_=8000, bank=["failed"])


@dataclass
class PayoutReturns(Payout):
    """The bank sends the money back weeks after it had taken it."""

    async def prepare(self) -> None:
        await super().prepare()
        await super().act()
        await super().settle()
        sent = await self.stage.one("select bank_payout_id from payouts where id = :id", id=self.payout_id)
        await self.stage.happen("payout_failed", sent)
        self.payload = event_of("payout.failed", sent, account=self.account)

    async def act(self) -> None:
        await self.stage.hear(self.payload)
        await self.stage.work()

    async def settle(self) -> None:
        async with asyncio.timeout(20):
            while await self.status() != ["failed"]:
                await self.stage.work()
                await asyncio.sleep(0.03)

    async def check(self) -> None:
        await self.is_at("failed", reversed_=8000, bank=["failed"])


@dataclass
class Account(Story):
    """A practitioner sets up the account to be paid to."""

    async def act(self) -> None:
        await self.send("POST", "/api/v1/practitioner/payouts/account/", {}, self.market.seller)

    async def check(self) -> None:
        shown = self.answered()
        stored = "select stripe_account_id from payout_accounts where practitioner_id = :id"
        assert await self.stage.one(stored, id=self.market.practitioner_id) == shown["stripe_account_id"]
