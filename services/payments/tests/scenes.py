"""A small market for tests of money: one practitioner who sells, clients who buy, staff who decide."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.delivery import deliver_twice, run_jobs
from devtools.testing.waiting import PATIENCE
from services.payments.payouts import service as payouts
from services.payments.payouts.jobs import advance_payouts
from services.payments.runtime import PaymentsRuntime
from shared.events.base import Event
from shared.events.booking import (
    BookingCancelled,
    BookingCompleted,
    BookingConfirmed,
    BookingNoShow,
    BookingSnapshot,
)
from shared.records.clock import FixedClock
from shared.records.ids import new_id
from shared.records.money import Money

Json = dict[str, Any]
CONFIRM = {"X-Confirm-Action": "true"}


@dataclass(frozen=True)
class Sale:
    """A booking whose order is paid."""

    order_id: UUID
    booking: BookingSnapshot


@dataclass
class Market:
    """What people do, in a line each. Every event is delivered twice."""

    app: FastAPI
    api: httpx2.AsyncClient
    stripe_api: httpx2.AsyncClient
    clock: FixedClock
    client_id: UUID
    practitioner_id: UUID
    open_order: Callable[..., Awaitable[Json]]
    pay: Callable[..., Awaitable[Json]]
    user_id: UUID = field(default_factory=new_id)
    staff_id: UUID = field(default_factory=new_id)

    @property
    def runtime(self) -> PaymentsRuntime:
        found: PaymentsRuntime = self.app.state.runtime
        return found

    @property
    def currency(self) -> str:
        """The install's."""
        return self.runtime.settings.currency

    @property
    def practitioner(self) -> dict[str, str]:
        """The practitioner's headers."""
        return headers_for(self.user_id, ("user", "practitioner"), self.practitioner_id)

    @property
    def staff(self) -> dict[str, str]:
        """Staff's headers, confirmed."""
        return headers_for(self.staff_id, ("user", "staff")) | CONFIRM

    def moment_later(self) -> None:
        """What follows has another time: of equal times ids decide, and derived ones have no order."""
        self.clock.advance(timedelta(milliseconds=1))

    # ---- sales

    async def paid_order(self, total: int = 10_000, credits: Any = None) -> Sale:
        """A paid order whose booking payments has not heard of yet."""
        self.moment_later()
        booking_id = new_id()
        order = await self.open_order(total, credits, booking_id=str(booking_id))
        if order["status"] == "open":
            assert (await self.pay(order["order_id"]))["status"] == "succeeded"
        return Sale(UUID(order["order_id"]), self.snapshot(booking_id, order))

    def snapshot(self, booking_id: UUID, order: Json) -> BookingSnapshot:
        """The booking as booking's events carry it."""
        start = self.clock.now() + timedelta(days=2)
        return BookingSnapshot(
            id=booking_id,
            status="confirmed",
            service_id=new_id(),
            service_title="Morning yoga",
            practitioner_id=self.practitioner_id,
            practitioner_user_id=self.user_id,
            client_id=self.client_id,
            order_id=UUID(order["order_id"]),
            start_time=start,
            end_time=start + timedelta(hours=1),
            timezone="Europe/Berlin",
            delivery="online",
            total=Money(**order["total"]),
            credits_applied=Money(**order["credits_applied"]),
            amount_due=Money(**order["amount_due"]),
            start_version=1,
            created_at=self.clock.now(),
            notes=None,
        )

    async def tell(self, event: Event) -> None:
        """Delivers twice."""
        await deliver_twice(self.app, event)

    async def sale(self, total: int = 10_000, credits: Any = None) -> Sale:
        """A confirmed booking: its earning is pending."""
        made = await self.paid_order(total, credits)
        await self.tell(BookingConfirmed(booking=made.booking))
        return made

    async def complete(self, sale: Sale, at: datetime | None = None, *, no_show: bool = False) -> None:
        """The session took place (or the client stayed away)."""
        self.moment_later()
        kind = BookingNoShow if no_show else BookingCompleted
        await self.tell(kind(booking=sale.booking, completed_at=at or self.clock.now()))

    async def cancel(self, sale: Sale, kept: int) -> None:
        """Booking says that it was cancelled and `kept` is not refunded."""
        event = BookingCancelled(
            booking=sale.booking,
            cancelled_by="client",
            reason=None,
            refund_due=Money(sale.booking.total.amount - kept, self.currency),
            kept=Money(kept, self.currency),
            was_confirmed=True,
            cancelled_at=self.clock.now(),
        )
        await self.tell(event)

    async def earned(self, total: int = 10_000, credits: Any = None) -> Sale:
        """A sale whose net amount is available."""
        made = await self.sale(total, credits)
        await self.complete(made)
        self.clock.advance(timedelta(hours=24))
        await self.work()
        return made

    async def refund(self, sale: Sale, amount: int | None = None, refund_id: UUID | None = None, **more: Any) -> Any:
        """What booking asks for; answers the response."""
        body = {
            "refund_id": str(refund_id or new_id()),
            "amount": None if amount is None else {"amount": amount, "currency": self.currency},
            "reason": "asked for",
            "by": "staff",
            "cancels": False,
        } | more
        url = f"/internal/orders/{sale.order_id}/refunds/"
        return await self.api.post(url, json=body, headers=service_headers())

    async def refunded(self, sale: Sale, amount: int | None = None, **more: Any) -> tuple[int, int]:
        """Refunds; answers the card's and the credits' part in minor units."""
        answer = await self.refund(sale, amount, **more)
        assert answer.status_code == 200, answer.text
        parts = answer.json()["refund"]
        return parts["card"]["amount"], parts["credits"]["amount"]

    # ---- the practitioner's money

    async def summary(self) -> dict[str, int]:
        """GET /practitioner/earnings/summary/, in minor units, without zeros."""
        answer = await self.api.get("/api/v1/practitioner/earnings/summary/", headers=self.practitioner)
        assert answer.status_code == 200, answer.text
        return {name: money["amount"] for name, money in answer.json().items() if money["amount"]}

    async def entries(self) -> list[Json]:
        """GET /practitioner/earnings/, oldest first."""
        url = "/api/v1/practitioner/earnings/?ordering=created_at&limit=100"
        answer = await self.api.get(url, headers=self.practitioner)
        assert answer.status_code == 200, answer.text
        results: list[Json] = answer.json()["results"]
        return results

    async def account(self, schedule: str = "manual", *, onboard: bool = True) -> Json:
        """Sets up the payout account, onboarded at Stripe."""
        url = "/api/v1/practitioner/payouts/account/"
        answer = await self.api.post(url, json={"payout_schedule": schedule}, headers=self.practitioner)
        assert answer.status_code == 200, answer.text
        if onboard:
            assert (await self.stripe_api.get(answer.json()["onboarding_url"])).status_code == 200
            answer = await self.api.get(url, headers=self.practitioner)
        account: Json = answer.json()
        return account

    async def bank(self, account: Json, token: str) -> None:
        """The practitioner changes their bank account at Stripe."""
        url = f"/accounts/{account['stripe_account_id']}"
        answer = await self.stripe_api.post(url, data={"external_account": token})
        assert answer.status_code == 200, answer.text

    async def ask(self, amount: int | None = None, **headers: str) -> Any:
        """POST /practitioner/payouts/request/."""
        body = {} if amount is None else {"amount": {"amount": amount, "currency": self.currency}}
        url = "/api/v1/practitioner/payouts/request/"
        key = {"Idempotency-Key": new_id().hex}
        return await self.api.post(url, json=body, headers=self.practitioner | key | headers)

    async def payout(self, amount: int | None = None) -> str:
        """Asks; answers the payout's id."""
        answer = await self.ask(amount)
        assert answer.status_code == 201, answer.text
        payout_id: str = answer.json()["id"]
        return payout_id

    async def approve(self, payout_id: str, **headers: str) -> Any:
        """POST /admin/payouts/{id}/approve/."""
        return await self.api.post(f"/api/v1/admin/payouts/{payout_id}/approve/", headers=self.staff | headers)

    async def approved(self, amount: int | None = None) -> str:
        """The id of a payout that was approved, and that the job is to transfer."""
        payout_id = await self.payout(amount)
        async with self.runtime.db.transaction() as session:
            await payouts.start(session, UUID(payout_id), new_id(), None)
        return payout_id

    async def show(self, payout_id: str) -> Json:
        """GET /practitioner/payouts/{id}/."""
        answer = await self.api.get(f"/api/v1/practitioner/payouts/{payout_id}/", headers=self.practitioner)
        assert answer.status_code == 200, answer.text
        shown: Json = answer.json()
        return shown

    async def paid_out(self, amount: int | None = None) -> str:
        """A payout that has reached the bank."""
        payout_id = await self.payout(amount)
        assert (await self.approve(payout_id)).status_code == 200
        await self.until(payout_id, "paid")
        return payout_id

    async def until(self, payout_id: str, status: str) -> Json:
        """Runs the jobs until the payout is in that status."""
        async with asyncio.timeout(PATIENCE):
            while (shown := await self.show(payout_id))["status"] != status:
                await self.work()
                await asyncio.sleep(0.05)
        return shown

    # ---- behind the scenes

    async def hurry(self, table: str = "payouts") -> None:
        """What waits for its next try is due now."""
        await self.owner_sql(f"update payments.{table} set next_try_at = now() where next_try_at is not null")

    async def advance(self, runtime: PaymentsRuntime | None = None) -> int:
        """The job does the next step of every payout, whenever that would be due."""
        await self.hurry()
        return await advance_payouts(runtime or self.runtime)

    async def work(self) -> None:
        """Runs all jobs until they are idle."""
        await run_jobs(self.app)

    async def sql(self, statement: str, **values: Any) -> list[Any]:
        """What the database says."""
        async with self.runtime.db.read() as session:
            return list((await session.execute(text(statement), values)).all())

    async def owner_sql(self, statement: str) -> None:
        """Changes rows as the database's owner, whom no grant stops."""
        async with self.runtime.db.transaction() as session:
            await session.execute(text("set local role none"))
            await session.execute(text(statement))

    async def transfers(self, account: Json) -> list[Json]:
        """The transfers that Stripe knows of, newest first."""
        answer = await self.stripe_api.get("/transfers", params={"destination": account["stripe_account_id"]})
        data: list[Json] = answer.json()["data"]
        return data


async def happen(stripe_api: httpx2.AsyncClient, what: str, stripe_id: str, **more: Any) -> None:
    """Something happens at Stripe that no call of ours causes."""
    url = str(stripe_api.base_url).split("/sandbox/")[0] + "/api/v1/sandbox/stripe/happen/"
    body = {"what": what, "id": stripe_id, **more}
    answer = await stripe_api.post(url, json=body, headers=headers_for(roles=("user", "staff")))
    assert answer.status_code == 200, answer.text
