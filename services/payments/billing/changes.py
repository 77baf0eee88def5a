"""Use cases of changing a subscription's plan."""

from uuid import UUID

from services.payments.billing.quotes import price_of, quote, wanted_plan
from services.payments.billing.schemas import ChangePreview
from services.payments.plans.domain import Interval, PlanKind
from services.payments.plans.models import Plan
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.models import Subscription
from services.payments.subscriptions.repository import Subscriptions
from shared.auth.verification import Caller
from shared.internal.catalog import SERVICES_OVER_LIMIT


async def preview(
    runtime: PaymentsRuntime, caller: Caller, subscription_id: UUID, plan_id: UUID, interval: Interval
) -> ChangePreview:
    """What the change would do now; raises as `quote` and `wanted_plan` do, NotFound, and Unavailable."""
    async with runtime.db.read() as session:
        subscription = await Subscriptions(session).owned_by(caller, subscription_id)
        plan = await wanted_plan(session, subscription, plan_id, interval)
        found = quote(subscription, price_of(plan, interval), interval, session.now())
    return ChangePreview.of(found, await _services_over_limit(runtime, subscription, plan))


async def _services_over_limit(runtime: PaymentsRuntime, subscription: Subscription, plan: Plan) -> int:
    limit = plan.features["service_limit"] if plan.kind is PlanKind.PLATFORM else None
    if limit is None or subscription.practitioner_id is None:
        return 0
    query = {"limit": limit}
    asked = runtime.peers.ask(SERVICES_OVER_LIMIT, query=query, practitioner_id=subscription.practitioner_id)
    return (await asked).count
