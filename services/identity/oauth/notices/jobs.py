"""Sends notices."""

import asyncio
from functools import partial

from services.identity.oauth.notices import service
from services.identity.oauth.notices.domain import BACK_OFF, CONCURRENCY
from services.identity.oauth.notices.models import LogoutNotice
from services.identity.runtime import IdentityRuntime
from shared.work.attempts import claim, try_each
from shared.work.jobs import Job, Jobs


async def send_logouts(runtime: IdentityRuntime) -> int:
    """Calls the clients that are to hear now, side by side: a slow one holds no other up."""
    async with runtime.db.autocommit() as session:
        claimed = await claim(session, LogoutNotice, CONCURRENCY, BACK_OFF)
    send = partial(service.send, runtime)
    return sum(await asyncio.gather(*(try_each(runtime.db, [one], send, BACK_OFF) for one in claimed)))


JOBS: Jobs = {"send_logouts": Job(send_logouts, every=1.0)}
