"""Periodic work: a job says how often, returns how much it did, and is run by one leader per schema."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from prometheus_client import Gauge

from shared.concurrency.back_off import BackOff
from shared.database.session import Database, Session
from shared.messaging.inbox import database_is_away
from shared.observability import telemetry
from shared.observability.logs import logger
from shared.observability.metrics import JOB_RUNS, JOB_SECONDS

LONGEST_BACK_OFF = 30.0
MOST_AT_ONCE = 5
Row = TypeVar("Row")
log = logger()


@dataclass(frozen=True, slots=True)
class Job:
    """`run(runtime)` returns how many things it did: more than none means run again at once.

    Seconds: `every` between two runs. With `gather`, five runs that do something may follow each other at once, then
    one comes each so many seconds however often it is woken: under load it finds more to do at once.
    `gauges` are those with labels that this job alone keeps up to date: where it runs no more they say nothing.
    """

    run: Callable[[Any], Awaitable[int]]
    every: float = 1.0
    gather: float = 0.0
    gauges: Sequence[Gauge] = ()


Jobs = Mapping[str, Job]


async def each(
    rows: Iterable[Row],
    act: Callable[[Row], Awaitable[bool]],
    put_off: Callable[[Row, Exception], Awaitable[None]] | None = None,
) -> int:
    """Acts on each row by itself and returns how many acts were true.

    What fails is logged and handed to `put_off`, which sees to it that the row comes after the others next time; where
    that fails too, the row stays as it is. Rows need none that got their next moment when they were claimed, or are
    found in no order. Only an absent database ends the loop.
    """
    done = 0
    for row in rows:
        try:
            done += bool(await act(row))
        except Exception as error:
            if database_is_away(error):
                raise
            log.warning("job.row_failed", row=str(row), error=repr(error))
            if put_off is not None:
                await logging_failures(row, put_off(row, error))
    return done


async def logging_failures(row: object, storing: Awaitable[None]) -> None:
    """Awaits what stores why the row failed; its own failure ends nothing, unless the database is absent."""
    try:
        await storing
    except Exception as error:
        if database_is_away(error):
            raise
        log.error("job.row_not_put_off", row=str(row), error=repr(error))


async def each_page(
    db: Database,
    page: Callable[[Session, Row | None], Awaitable[Sequence[Row]]],
    act: Callable[[Row], Awaitable[bool]],
) -> int:
    """`each` over rows that are read in pages, in an order of their own, and acted on after their page was read.

    `page(session, after)` reads the rows that follow that one (None: the first ones), and none at the end. A row that
    fails stays where it is; however many there are, the rows behind them have their turn in the same run.
    """
    done = 0
    after: Row | None = None
    while rows := await _read(db, page, after):
        done += await each(rows, act)
        after = rows[-1]
    return done


async def _read(
    db: Database, page: Callable[[Session, Row | None], Awaitable[Sequence[Row]]], after: Row | None
) -> Sequence[Row]:
    async with db.read() as session:
        return await page(session, after)


async def keep_running(name: str, job: Job, runtime: Any) -> None:
    """Runs one job until cancelled; a failure is logged, counted and retried with back-off, never fatal."""
    try:
        await _repeat(name, job, runtime)
    finally:
        for gauge in job.gauges:
            gauge.clear()


async def _repeat(name: str, job: Job, runtime: Any) -> None:
    failures, wanted, free_at = 0, runtime.db.jobs_wanted[name], 0.0
    back_off = BackOff(2 * max(job.every, 0.5), LONGEST_BACK_OFF)
    while True:
        done, seen, began = 0, wanted.count, time.monotonic()
        try:
            done = await _run(name, job, runtime)
            failures, pause = 0, job.every
            JOB_RUNS.labels(runtime.service, name, "done" if done else "idle").inc()
        except Exception as error:
            JOB_RUNS.labels(runtime.service, name, "failed").inc()
            trouble = None if database_is_away(error) else error
            log.warning("job.failed", service=runtime.service, job=name, error=repr(error), exc_info=trouble)
            failures += 1
            pause, seen = back_off.seconds(failures), wanted.count
        await wanted.wait(seen, 0 if done else pause)
        if done:
            free_at = max(free_at, began) + job.gather
        await asyncio.sleep(max(0.0, free_at - (MOST_AT_ONCE - 1) * job.gather - time.monotonic()))


async def _run(name: str, job: Job, runtime: Any) -> int:
    began = time.perf_counter()
    with telemetry.serving(runtime.service, f"job {name}", telemetry.INTERNAL) as span:
        done = await job.run(runtime)
        if not done:
            span.forget()
    if done:
        JOB_SECONDS.labels(runtime.service, name).observe(time.perf_counter() - began)
    return done


async def run_until_idle(jobs: Jobs, runtime: Any) -> None:
    """Runs every job again and again until none does anything: for tests and one-off commands."""
    busy = True
    while busy:
        busy = False
        for job in jobs.values():
            busy = bool(await job.run(runtime)) or busy
        await asyncio.sleep(0)
