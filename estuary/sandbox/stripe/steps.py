"""What happens by itself: payouts arrive, slow refunds and payments end, disputes are opened."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy import text

from estuary.sandbox.settings import SandboxSettings
from estuary.sandbox.stripe import attempts, captures, disputes, payouts, refunds
from estuary.sandbox.stripe.cards import find
from estuary.sandbox.stripe.faults import Webhooks
from estuary.sandbox.stripe.work import Work
from shared.database.session import Database, Session
from shared.database.statements import CompiledStatement
from shared.records.clock import machine_now


async def _settle_payout(work: Work, identifier: str, account: str) -> None:
    payout = await work.get("payout", identifier, account, lock=True)
    payouts.settle(work, payout, await work.get("account", account) if account else None)


async def _settle_refund(work: Work, identifier: str, account: str) -> None:
    refunds.settle(work, await work.get("refund", identifier, account, lock=True))


async def _fail_refund(work: Work, identifier: str, account: str) -> None:
    refund = await work.get("refund", identifier, account)
    charge = await work.get("charge", refund["charge"], account, lock=True)
    refund = await work.get("refund", identifier, account, lock=True)
    if refund["status"] in refunds.FAILS_FROM:
        refunds.fail(work, refund, charge)


async def _settle_intent(work: Work, identifier: str, account: str) -> None:
    intent = await work.get("payment_intent", identifier, account, lock=True)
    if intent["status"] == "processing":
        attempts.settle(work, intent, await work.get("payment_method", intent["payment_method"]))


async def _expire_intent(work: Work, identifier: str, account: str) -> None:
    await captures.expire(work, await work.get("payment_intent", identifier, account, lock=True))


async def _dispute_charge(work: Work, identifier: str, account: str) -> None:
    charge = await work.get("charge", identifier, account, lock=True)
    card = find(charge["_token"])
    if card is not None and not charge["disputed"]:
        disputes.open_dispute(work, charge, card.dispute or "general", inquiry=card.inquiry)


class Steps:
    """Takes due steps one by one, each in a transaction of its own."""

    def __init__(self, db: Database, settings: SandboxSettings, webhooks: Webhooks, sent: Callable[[], None]) -> None:
        """`sent` is called when a step may have left webhooks behind."""
        self.db, self.settings, self.webhooks, self.sent = db, settings, webhooks, sent

    async def tick(self) -> float:
        """Does every due step; returns the seconds until the next."""
        while (pause := await self._pause()) <= 0:
            if not await self._take():
                return BUSY_SECONDS
            self.sent()
        return pause

    async def _pause(self) -> float:
        async with self.db.read() as session:
            pauses = [(row.due_at - _now(session, row.by_clock)).total_seconds() for row in await session.run(NEXT)]
        return min(pauses, default=60)

    async def _take(self) -> bool:
        async with self.db.transaction() as session:
            row = await session.first(TAKE, {"now": machine_now(), "by_clock": session.now()})
            if row is None:
                return False
            work = Work(session, self.settings, self.webhooks)
            await STEPS[row.step](work, row.object_id, row.account)
            await work.write()
            return True


def _now(session: Session, by_clock: bool) -> datetime:
    return session.now() if by_clock else machine_now()


BUSY_SECONDS = 0.05  # another process has what is due
TAKE = CompiledStatement(
    text("""
    delete from steps where id = (
        select id from steps
        where due_at <= case when by_clock then cast(:by_clock as timestamptz) else cast(:now as timestamptz) end
        order by due_at limit 1 for update skip locked
    )
    returning object_id, account, step
""")
)
NEXT = CompiledStatement(text("select by_clock, min(due_at) as due_at from steps group by by_clock"))
STEPS: dict[str, Callable[[Work, str, str], Awaitable[None]]] = {
    "settle_payout": _settle_payout,
    "settle_refund": _settle_refund,
    "fail_refund": _fail_refund,
    "settle_intent": _settle_intent,
    "expire_intent": _expire_intent,
    "dispute_charge": _dispute_charge,
}
