"""Begins erasures. It asks what is open before the account is closed and once more before the services are asked; one
that does not answer leaves the erasure waiting."""

from functools import partial

from services.identity.erasures import service
from services.identity.erasures.domain import LOOK_AGAIN
from services.identity.erasures.models import Erasure
from services.identity.erasures.repository import Erasures
from services.identity.runtime import IdentityRuntime
from shared.work.attempts import reason_of
from shared.work.jobs import Job, Jobs, each


async def begin_erasures(runtime: IdentityRuntime) -> int:
    """Begins those whose moment has come and of which nothing is open; returns how many."""
    async with runtime.db.read() as session:
        due = await Erasures(session).due(runtime.clock.now())
    return await each(due, partial(service.look, runtime), partial(_look_later, runtime))


async def ask_services(runtime: IdentityRuntime) -> int:
    """Has the services erase whose account is closed, and of whom nothing is open; returns of how many."""
    async with runtime.db.read() as session:
        closed = await Erasures(session).unasked()
    return await each(closed, partial(service.ask_services, runtime), partial(_look_later, runtime))


async def _look_later(runtime: IdentityRuntime, due: Erasure, error: Exception) -> None:
    async with runtime.db.transaction() as session:
        erasure = await Erasures(session).lock(due.id)
        if erasure is not None:
            erasure.waits(reason_of(error), LOOK_AGAIN)


JOBS: Jobs = {
    "begin_erasures": Job(begin_erasures, every=5.0),
    "ask_services_to_erase": Job(ask_services, every=1.0),
}
