"""Periodic work of social sign-in."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

from services.identity.runtime import IdentityRuntime
from services.identity.social.models import ProviderToken
from services.identity.social.repository import BACK_OFF, ProviderTokens, SocialAttempts
from shared.errors import NotFound
from shared.records.clock import machine_now
from shared.work.attempts import try_each
from shared.work.jobs import Job, Jobs
from shared.work.retention import Retention, retention_jobs

NATIVE_TOKEN_KEPT = timedelta(hours=2)
"""An ID token is known as used for longer than it may be used (`providers.openid.NATIVE_SECONDS`)."""
IN_VAIN = timedelta(days=30)


async def revoke_provider_tokens(runtime: IdentityRuntime) -> int:
    """Revokes at the providers what no account has any more; tries again, ever more slowly, for thirty days."""
    async with runtime.db.autocommit() as session:
        await ProviderTokens(session).release()
    async with runtime.db.autocommit() as session:
        due = await ProviderTokens(session).claim()
    return await try_each(runtime.db, due, partial(_revoke, runtime), BACK_OFF)


async def _revoke(runtime: IdentityRuntime, kept: ProviderToken) -> bool:
    sealing = await runtime.sealing.loaded(runtime.db)
    token = sealing.open(kept.token, ProviderToken.token, kept.id).decode()
    with suppress(NotFound):  # the install has this provider no more, and no other may revoke it
        await runtime.providers.get(kept.provider).revoke(token)
    async with runtime.db.autocommit() as session:
        await ProviderTokens(session).remove(kept.id)
    return True


async def prune_social(runtime: IdentityRuntime) -> int:
    """Deletes sign-ins that are over."""
    async with runtime.db.autocommit() as session:
        return await SocialAttempts(session).prune(machine_now() - NATIVE_TOKEN_KEPT)


async def prune_provider_tokens(runtime: IdentityRuntime) -> int:
    """Deletes tokens whose revocation was in vain for thirty days."""
    async with runtime.db.autocommit() as session:
        return await ProviderTokens(session).prune(machine_now() - IN_VAIN)


JOBS: Jobs = {
    "revoke_provider_tokens": Job(revoke_provider_tokens, every=10.0),
    **retention_jobs(
        Retention("social_attempts", "2 hours after they expired", prune_social, every=60.0),
        Retention("provider_tokens", "30 days of tries to revoke them", prune_provider_tokens, every=60.0),
    ),
}
