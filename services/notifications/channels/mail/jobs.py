"""Sends mails, and measures what waits."""

from collections.abc import Sequence
from datetime import datetime

from services.notifications.channels.mail.domain import Backlog, Lane
from services.notifications.channels.mail.repository import Mails
from services.notifications.channels.mail.workers import send
from services.notifications.metrics import OLDEST_MAIL, WAITING_MAILS
from services.notifications.runtime import NotificationsRuntime
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs


async def send_awaited_mails(runtime: NotificationsRuntime) -> int:
    """Sends what people wait for, on connections that nothing else uses."""
    return await send(runtime, Lane.AWAITED, runtime.mailer.first_lane)


async def send_mails(runtime: NotificationsRuntime) -> int:
    """Sends all mails, those of the first lane first, on the other connections."""
    return await send(runtime, None, runtime.mailer.all_lanes)


async def measure_mails(runtime: NotificationsRuntime) -> int:
    """Reports how many mails wait, and for how long."""
    async with runtime.db.read() as session:
        _report(await Mails(session).backlog(), machine_now())
    return 0


def _report(backlog: Sequence[Backlog], now: datetime) -> None:
    found = {(part.lane, part.tried): part for part in backlog}
    for lane in Lane:
        for tried in (False, True):
            part, labels = found.get((lane, tried)), (lane.value, "yes" if tried else "no")
            WAITING_MAILS.labels(*labels).set(part.count if part else 0)
            OLDEST_MAIL.labels(*labels).set(max((now - part.since).total_seconds(), 0.0) if part else 0.0)


JOBS: Jobs = {
    "send_awaited_mails": Job(send_awaited_mails, every=1.0, gather=0.5),
    "send_mails": Job(send_mails, every=1.0, gather=0.5),
    "measure_mails": Job(measure_mails, every=10.0, gauges=(WAITING_MAILS, OLDEST_MAIL)),
}
