"""Periodic work: the daily look at Stripe's lists."""

from services.payments.reconciliation import service
from services.payments.reconciliation.domain import Listed
from services.payments.runtime import PaymentsRuntime
from shared.work.jobs import Job, Jobs


async def read_stripe_lists(runtime: PaymentsRuntime) -> int:
    """Reads a page of each list whose look is due or under way; returns how many lists have more."""
    return sum([await service.read_on(runtime, kind) for kind in Listed])


# Asked often, so that a look that was broken off goes on soon; a look itself begins once a day.
JOBS: Jobs = {"read_stripe_lists": Job(read_stripe_lists, every=60.0)}
