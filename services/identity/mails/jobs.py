"""Periodic work of mails."""

from uuid import UUID

from services.identity.mail_tokens.domain import RETENTION
from services.identity.mail_tokens.repository import MailTokens
from services.identity.mails import service
from services.identity.runtime import IdentityRuntime
from shared.database.throttle import Throttle
from shared.records.clock import machine_now
from shared.work.jobs import Job, Jobs, each
from shared.work.retention import Retention, retention_jobs


async def decide_mail_requests(runtime: IdentityRuntime) -> int:
    """Decides about the mails that were asked for, the oldest first."""

    async def decide(mail_id: UUID) -> bool:
        async with runtime.db.transaction() as session:
            return await service.decide(session, mail_id)

    async with runtime.db.read() as session:
        waiting = await MailTokens(session).unannounced()
    return await each(waiting, decide)


async def prune_mail_tokens(runtime: IdentityRuntime) -> int:
    """Deletes mails a month after they expired."""
    async with runtime.db.autocommit() as session:
        return await MailTokens(session).prune(machine_now() - RETENTION)


async def prune_throttle(runtime: IdentityRuntime) -> int:
    """Deletes counts that limit nothing any more."""
    async with runtime.db.autocommit() as session:
        return await Throttle(session).prune()


JOBS: Jobs = {
    "decide_mail_requests": Job(decide_mail_requests, every=1.0),
    **retention_jobs(
        Retention("mail_tokens", "30 days after they expired", prune_mail_tokens, every=600.0),
        Retention("throttle", "while it limits something", prune_throttle, every=600.0),
    ),
}
