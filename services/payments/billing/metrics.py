"""Metrics of subscriptions: how many live, what is due and not done yet, and why they end."""

from prometheus_client import Counter, Gauge

from services.payments.plans.domain import PlanKind
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.domain import SubscriptionStatus
from services.payments.subscriptions.repository import Subscriptions
from shared.work.jobs import Job, Jobs

LIVING = Gauge(
    "estuary_payments_subscriptions", "Subscriptions that have not ended, by kind and status", ["kind", "status"]
)
DUE = Gauge("estuary_payments_due_subscriptions", "Subscriptions whose next step is due and not taken yet")
OLDEST_DUE = Gauge(
    "estuary_payments_oldest_due_subscription_seconds",
    "For how long the oldest of them has been due in business time, 0 if none",
)
ENDED = Counter("estuary_payments_subscriptions_ended_total", "Subscriptions that have ended, by why", ["reason"])


async def measure_subscriptions(runtime: PaymentsRuntime) -> int:
    """Counts what lives, and what is due."""
    async with runtime.db.read() as session:
        living, (due, oldest) = await Subscriptions(session).living(), await Subscriptions(session).count_due()
        late = (session.now() - oldest).total_seconds() if oldest else 0.0
    for kind in PlanKind:
        for status in set(SubscriptionStatus) - {SubscriptionStatus.ENDED}:
            LIVING.labels(kind.value, status.value).set(living.get((kind, status), 0))
    DUE.set(due)
    OLDEST_DUE.set(late)
    return 0


JOBS: Jobs = {"measure_subscriptions": Job(measure_subscriptions, every=15.0, gauges=(LIVING,))}
