"""Acting on stored webhooks."""

import asyncio
from collections.abc import Sequence

from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.errors import StripeUnavailable
from services.payments.webhooks.handlers import HANDLERS
from services.payments.webhooks.models import StripeEvent
from services.payments.webhooks.repository import StripeEvents
from shared.observability.logs import logger
from shared.work.attempts import reason_of
from shared.work.jobs import Job, Jobs, logging_failures
from shared.work.retention import Retention, retention_jobs

BATCH = 100
CONCURRENCY = 8
log = logger()


async def handle_stripe_events(runtime: PaymentsRuntime) -> int:
    """Acts on what is pending: several objects at once, each object once however many events speak of it."""
    async with runtime.db.read() as session:
        pending = await StripeEvents(session).pending(BATCH)
    groups = by_object(pending)
    gate = asyncio.Semaphore(CONCURRENCY)

    async def handled(group: list[StripeEvent]) -> bool:
        async with gate:
            return await _handle(runtime, group)

    results = await asyncio.gather(*(handled(group) for group in groups))
    done = [event.id for group, well in zip(groups, results, strict=True) if well for event in group]
    if done:
        async with runtime.db.autocommit() as session:
            await StripeEvents(session).finish(done)
    return len(done)


def by_object(events: Sequence[StripeEvent]) -> list[list[StripeEvent]]:
    """Events of one object and one handler together: its present state answers them all."""
    groups: dict[tuple[object, str | None, str], list[StripeEvent]] = {}
    for event in events:
        groups.setdefault((HANDLERS.get(event.type), event.account, event.object_id), []).append(event)
    return list(groups.values())


async def _handle(runtime: PaymentsRuntime, group: list[StripeEvent]) -> bool:
    handler = HANDLERS.get(group[-1].type)
    try:
        if handler is not None:
            await handler(runtime, group[-1])
    except Exception as error:
        log.warning("webhook.failed", object=group[-1].object_id, type=group[-1].type, error=repr(error))
        await logging_failures(group[-1], _defer(runtime, group, error))
        return False
    return True


async def _defer(runtime: PaymentsRuntime, group: list[StripeEvent], error: Exception) -> None:
    async with runtime.db.transaction() as session:
        if isinstance(error, StripeUnavailable):
            await StripeEvents(session).wait_for_stripe([event.id for event in group], reason_of(error))
        else:
            # A ValueError is a value that is none of ours, such as a status that Stripe has added.
            await StripeEvents(session).defer(group, reason_of(error), hopeless=isinstance(error, ValueError))


async def forget_stripe_events(runtime: PaymentsRuntime) -> int:
    """Old events go; Stripe keeps its own record of them."""
    async with runtime.db.autocommit() as session:
        return await StripeEvents(session).forget()


JOBS: Jobs = {
    # Polled, not woken: a burst of webhooks is one batch, and a quarter of a second is soon enough.
    "handle_stripe_events": Job(handle_stripe_events, every=0.25),
    **retention_jobs(Retention("stripe_events", "30 days after they were settled", forget_stripe_events)),
}
