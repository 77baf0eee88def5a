"""What waits to be sent is measured, shown with its reason, and reported by one process alone."""

import asyncio

from devtools.testing.delivery import deliver, run_jobs
from devtools.testing.servers import until
from services.notifications.channels.mail.domain import Lane
from services.notifications.channels.mail.jobs import JOBS, measure_mails
from services.notifications.metrics import OLDEST_MAIL, WAITING_MAILS
from shared.events.booking import BookingConfirmed
from shared.work.jobs import keep_running


def waiting(tried: str) -> float:
    return WAITING_MAILS.labels(Lane.AWAITED.value, tried)._value.get()


async def test_how_many_wait_and_for_how_long_is_measured(app, booking, mailbox):
    mailbox.answer = "451 try later"
    await deliver(app, BookingConfirmed(booking=booking()))
    await measure_mails(app.state.runtime)
    assert waiting("no") == 2
    assert 0 <= OLDEST_MAIL.labels(Lane.AWAITED.value, "no")._value.get() < 60
    await run_jobs(app)
    assert (waiting("no"), waiting("yes")) == (0, 2)


async def test_a_process_that_does_not_measure_any_more_reports_nothing(app):
    WAITING_MAILS.clear()
    job = asyncio.create_task(keep_running("measure_mails", JOBS["measure_mails"], app.state.runtime))
    await until(lambda: len(next(iter(WAITING_MAILS.collect())).samples) == 4)
    job.cancel()
    await asyncio.gather(job, return_exceptions=True)
    assert next(iter(WAITING_MAILS.collect())).samples == []
