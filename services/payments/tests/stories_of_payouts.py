"""Money that practitioners earn and are paid."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from devtools.testing.delivery import envelope_of
from services.payments.tests.stories import Story, usd
from services.payments.tests.test_webhooks import event_of
from shared.events.booking import BookingCompleted, BookingConfirmed
from shared.events.payments import PayoutFailed, PayoutPaid
from shared.records.ids import new_id

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
            await self.stage.published(envelope)
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
class PayoutShrinks(Payout):
    """A refund takes a part of a transfer before its bank payout is asked for."""

    refund_id: UUID = field(default_factory=new_id)

    async def prepare(self) -> None:
        self.account = (await self.market.account())["stripe_account_id"]
        self.sale = await self.market.earned(10_000)
        self.payout_id = await self.market.payout()
        assert (await self.market.approve(self.payout_id)).json()["stripe_transfer_id"]
        self.amount = await self.stage.one("select amount from payouts where id = :id", id=self.payout_id)

    async def act(self) -> None:
        body = {"refund_id": str(self.refund_id), "amount": usd(2500), "reason": "", "by": "staff", "cancels": False}
        await self.ask(f"{self.sale.order_id}/refunds/", body)
        await self.stage.work()

    async def check(self) -> None:
        assert await self.status() == ["paid"]
        transfers = await self.stage.listed("/transfers", transfer_group=f"payout_{self.payout_id}")
        assert [(each["amount"], each["amount_reversed"]) for each in transfers] == [(self.amount, 2000)]
        sent = await self.stage.listed("/payouts", self.account)
        mine = [each["amount"] for each in sent if each["metadata"].get("payout_id") == self.payout_id]
        assert mine == [self.amount - 2000]
        assert "debt" not in await self.market.summary()


@dataclass
class StaffEndIt(Payout):
    """Staff end a payout that was transferred and cannot go on: its money is fetched back."""

    async def prepare(self) -> None:
        await super().prepare()
        assert (await self.market.approve(self.payout_id)).json()["stripe_transfer_id"]
        stuck = "status = 'needs_attention', next_try_at = null, last_error = 'It cannot go on.'"
        await self.market.owner_sql(f"update payments.payouts set {stuck} where id = '{self.payout_id}'")

    async def act(self) -> None:
        await self.send("POST", f"/api/v1/admin/payouts/{self.payout_id}/fail/", None, self.market.staff)

    async def check(self) -> None:
        assert self.answered()["status"] == "failed"
        await self.is_at("failed", reversed_=8000, bank=[])


@dataclass
class StaffMarkItPaid(StaffEndIt):
    """Staff have paid a payout that cannot go on in another way."""

    async def act(self) -> None:
        path = f"/api/v1/admin/payouts/{self.payout_id}/mark-paid/"
        await self.send("POST", path, {"reference": "by hand"}, self.market.staff)

    async def check(self) -> None:
        assert self.answered()["status"] == "paid"
        await self.is_at("paid", reversed_=0, bank=[])
        assert await self.stage.count(PayoutPaid, payout_id=self.payout_id) == 1


@dataclass
class Account(Story):
    """A practitioner sets up the account to be paid to."""

    async def act(self) -> None:
        await self.send("POST", "/api/v1/practitioner/payouts/account/", {}, self.market.practitioner)

    async def check(self) -> None:
        shown = self.answered()
        stored = "select stripe_account_id from payout_accounts where practitioner_id = :id"
        assert await self.stage.one(stored, id=self.market.practitioner_id) == shown["stripe_account_id"]
