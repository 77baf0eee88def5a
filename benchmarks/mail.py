"""Mail through a server of 50 ms round trip: how long a confirmation waits behind 5,000 posts, and mails a second."""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import psutil
import uvloop

from benchmarks.bare import child
from benchmarks.ground import Ground, ground
from estuary.run.service_keys import derived
from services.notifications.app import create_app
from services.notifications.channels.mail.jobs import JOBS
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.service import notify
from services.notifications.people.repository import People
from services.notifications.preferences.domain import Topic
from services.notifications.runtime import NotificationsRuntime
from shared.auth.verification import Verifier
from shared.database.migrate import role_of
from shared.database.session import Database
from shared.messaging.bus import InProcessBus
from shared.peers import Peers
from shared.records.clock import SystemClock
from shared.records.ids import new_id
from shared.runtime import Runtime
from shared.work.jobs import keep_running

BULK, WARM, A_BATCH = 5_000, 200, 500
MEASURED = 2_000
CONFIRMATIONS, PAUSE = 10, 1.0
MANY = 32
SENDERS = ("send_awaited_mails", "send_mails")
PARAMS = {"stream": "News", "post": "Hello", "service": "Quiet yoga", "start": "2026-12-07T14:00:00Z"}


class Counter:
    """Asks the server how many mails it took."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """On a connection of its own."""
        self._reader, self._writer = reader, writer

    async def counts(self) -> tuple[int, int]:
        """All mails so far, and the confirmations among them."""
        self._writer.write(b"XCOUNT\r\n")
        while not (line := await self._reader.readline()).startswith(b"250"):
            pass
        taken, first = line.split()[1:]
        return int(taken), int(first)

    async def reach(self, taken: int = 0, first: int = 0) -> None:
        """Waits until so many mails were taken."""
        while True:
            all_mails, confirmations = await self.counts()
            if all_mails >= taken and confirmations >= first:
                return
            await asyncio.sleep(0.01)


async def main() -> None:
    """Both measurements, each on an empty database."""
    await lanes()
    await rate()


async def lanes() -> None:
    """The default number of connections; confirmations one by one while posts leave."""
    async with outbox(8) as (runtime, counter, _):
        waits = []
        for number in range(CONFIRMATIONS):
            began = time.perf_counter()
            await enqueue(runtime, Topic.BOOKINGS, "booking.confirmed/client", 1)
            await counter.reach(first=number + 1)
            waits.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)
        taken, first = await counter.counts()
    print(f"8 connections, {BULK} posts queued, {taken - first} of them sent meanwhile: a confirmation is out after")
    print(f"  median {statistics.median(waits):.2f} s, longest {max(waits):.2f} s of {CONFIRMATIONS} (goal: 2 s)")


async def rate() -> None:
    """Many connections, posts alone."""
    async with outbox(MANY) as (_, counter, ground_):
        await counter.reach(taken=WARM)
        before, cpu, began = (await counter.counts())[0], used(ground_), time.perf_counter()
        await counter.reach(taken=WARM + MEASURED)
        sent, seconds = (await counter.counts())[0] - before, time.perf_counter() - began
        each = [1000 * (now - then) / sent for now, then in zip(used(ground_), cpu, strict=True)]
    print(f"{MANY} connections: {sent / seconds:.0f} mails a second (goal: 100)")
    print(f"  CPU per mail: Python {each[0]:.1f} ms, Postgres {each[1]:.1f}")


def used(on: Ground) -> tuple[float, float]:
    """CPU seconds so far of this process and of Postgres."""
    times = psutil.Process().cpu_times()
    return times.user + times.system, on.postgres_cpu()


@asynccontextmanager
async def outbox(connections: int) -> AsyncIterator[tuple[NotificationsRuntime, Counter, Ground]]:
    """Notifications with 5,000 posts to be mailed, its jobs running, and the server."""
    async with ground(["notifications"]) as on, child("benchmarks.slow_mail") as (address, _):
        env = {"SMTP_URL": f"smtp://{address}", "NOTIFICATIONS_SMTP_CONNECTIONS": str(connections)}
        runtime = create_app(base(on.url, env)).state.runtime
        for _ in range(BULK // A_BATCH):
            await enqueue(runtime, Topic.POSTS, "post.published", A_BATCH)
        counter = Counter(*await asyncio.open_connection(*address.split(":")))
        jobs = [asyncio.create_task(keep_running(name, JOBS[name], runtime)) for name in SENDERS]
        try:
            yield runtime, counter, on
        finally:
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)
            await runtime.mailer.stop()
            await runtime.db.close()


def base(url: str, env: Mapping[str, str]) -> Runtime:
    """Notifications alone: nobody calls it, and it calls nobody."""
    clock, role = SystemClock(), role_of("notifications")
    db = Database(url, schema="notifications", clock=clock, role=role, pool_size=15)
    peers = Peers({}, derived("notifications", "k" * 32).token)
    return Runtime("notifications", db, InProcessBus(), peers, clock, Verifier(_no_keys), env)


async def enqueue(runtime: NotificationsRuntime, topic: Topic, template: str, count: int) -> None:
    """Notifies so many people, as an event would; by mail alone."""
    async with runtime.db.transaction() as session:
        notifications = [_notification(topic, template) for _ in range(count)]
        for item in notifications:
            named: dict[str, Any] = {"first_name": "Ann", "last_name": "Doe", "timezone": None}
            await People(session).put(user_id=item.user_id, email=f"{item.user_id}@example.org", **named)
        await notify(runtime, session, notifications)


def _notification(topic: Topic, template: str) -> Notification:
    user_id: UUID = new_id()
    cause = str(new_id())
    return Notification(user_id, topic, template, template, cause, PARAMS, {}, in_app=False)


async def _no_keys() -> Mapping[str, Any]:
    return {}


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
