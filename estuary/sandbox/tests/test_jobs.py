"""The jobs that the sandbox's process repeats beside serving."""

from estuary.sandbox.tests.conftest import Sandbox
from shared.work.retention import kept_for
from shared.work.worker import Worker


async def test_what_goes_by_its_age_is_deleted_and_that_is_stored(sandbox: Sandbox) -> None:
    worker = Worker(sandbox.app)
    for job in worker.jobs.values():
        await job.run(sandbox.runtime)
    async with sandbox.runtime.db.read() as session:
        applied = [kept.what for kept in await kept_for(session, {}) if kept.last_run_at is not None]
    assert {"inbox", "outbox", "idempotency"} <= set(applied)
