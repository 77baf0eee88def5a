"""Sends webhooks from the stored queue: signed, at once, and again after 1, 2, 4 ... 60 s until a 2xx."""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import aiohttp
from sqlalchemy import text

from estuary.sandbox.loops import Loop
from estuary.sandbox.stripe.work import API_VERSION
from shared.concurrency.back_off import BackOff
from shared.concurrency.tasks import end
from shared.database.session import Database
from shared.database.statements import CompiledStatement
from shared.observability.logs import logger
from shared.records.clock import machine_now

CONCURRENCY = 16
SECONDS_PER_TRY = 10.0
LEASE = timedelta(seconds=30)
BACK_OFF = BackOff(1.0, 60.0)
log = logger()


def signature(body: bytes, secret: str, moment: int) -> str:
    """The Stripe-Signature header: HMAC-SHA256 over the moment (machine time, epoch seconds) and the raw body."""
    digest = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


class Sender:
    """Keeps up to 16 deliveries under way; what was delivered leaves the queue."""

    def __init__(self, db: Database, url: str, secret: str) -> None:
        """Sends to that address. Opens nothing until `start`."""
        self.db, self.url, self.secret = db, url, secret
        self.loop = Loop("sandbox.webhooks", self._tick)
        self._client: aiohttp.ClientSession | None = None
        self._running: set[asyncio.Task[None]] = set()
        self._full = False
        self._delivered: list[int] = []
        self._failed: list[tuple[int, datetime, str]] = []

    async def start(self) -> None:
        """Starts sending; what a former process had under way or in a pause is due now."""
        async with self.db.autocommit() as session:
            await session.execute(RESUME, {"now": machine_now()})
        timeout = aiohttp.ClientTimeout(total=SECONDS_PER_TRY)
        self._client = aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=CONCURRENCY))
        self.loop.start()

    async def stop(self) -> None:
        """Stops sending; what is under way is abandoned and sent again at the next start."""
        await self.loop.stop()
        await end(*self._running)
        if self._client is not None:
            await self._client.close()
        try:
            await self._record_and_claim(0)
        except Exception as error:
            log.warning("sandbox.webhooks_not_recorded", error=repr(error))

    async def _tick(self) -> float:
        free = CONCURRENCY - len(self._running)
        claimed = await self._record_and_claim(free)
        for row in claimed:
            task = asyncio.create_task(self._deliver(row.id, row.attempts, row.body.encode()))
            self._running.add(task)
            task.add_done_callback(self._running.discard)
        self._full = len(claimed) == free
        if self._full:
            return 60.0
        async with self.db.read() as session:
            next_due: datetime | None = (await session.run(NEXT))[0].due_at
        return (next_due - machine_now()).total_seconds() if next_due else 60.0

    async def _record_and_claim(self, free: int) -> Sequence[Any]:
        delivered, failed = self._delivered, self._failed
        self._delivered, self._failed = [], []
        try:
            async with self.db.transaction() as session:
                if delivered:
                    await session.run(FORGET, {"ids": [str(one) for one in delivered]})
                if failed:
                    await session.execute(POSTPONE, [dict(zip(FAILURE, row, strict=True)) for row in failed])
                if not free:
                    return []
                now = machine_now()
                claimed = await session.run(CLAIM, {"now": now, "lease": now + LEASE, "free": free})
                return sorted(claimed, key=lambda row: (row.due_at, row.id))
        except BaseException:
            self._delivered, self._failed = delivered + self._delivered, failed + self._failed
            raise

    async def _deliver(self, delivery: int, attempts: int, body: bytes) -> None:
        trouble = await self._post(body)
        if trouble is None:
            self._delivered.append(delivery)
        else:
            log.info("sandbox.webhook_failed", attempts=attempts, error=trouble)
            self._failed.append((delivery, machine_now() + BACK_OFF.after(attempts), trouble))
        if self._full:  # else the next tick records many at once
            self.loop.wake()

    async def _post(self, body: bytes) -> str | None:
        assert self._client is not None
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (sandbox)",
            "Stripe-Version": API_VERSION,
            "Stripe-Signature": signature(body, self.secret, int(machine_now().timestamp())),
        }
        try:
            async with self._client.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
                await response.read()
                return None if response.ok and response.status < 300 else f"answered {response.status}"
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            return repr(error)


FAILURE = ("id", "due", "error")
RESUME = text("update deliveries set due_at = :now where attempts > 0")
FORGET = CompiledStatement(text("delete from deliveries where id = any(cast(cast(:ids as text[]) as bigint[]))"))
POSTPONE = text("update deliveries set due_at = :due, last_error = :error where id = :id")
NEXT = CompiledStatement(text("select min(due_at) as due_at from deliveries"))
CLAIM = CompiledStatement(
    text("""
    with due as (
        select id, due_at from deliveries where due_at <= :now order by due_at, id limit :free
        for update skip locked
    )
    update deliveries as d set due_at = :lease, attempts = d.attempts + 1
    from due, objects as o
    where d.id = due.id and o.id = d.event_id
    returning d.id, d.attempts, o.data::text as body, due.due_at
""")
)
