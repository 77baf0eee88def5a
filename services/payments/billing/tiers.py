"""What streams says of its tiers, which are plans, and what that means for who has subscribed to them."""

from uuid import UUID

from services.payments.plans import service as plans
from services.payments.plans.models import Plan
from services.payments.subscriptions.repository import Subscriptions
from shared.database.session import Session
from shared.internal.subscriptions import TierPlan


async def put_plan(session: Session, plan_id: UUID, given: TierPlan, currency: str) -> Plan:
    """The plan as it is now; where its stream is gone, its subscriptions end, and where it is not offered any more,
    those that were never paid. Again, or older, changes nothing."""
    plan = await plans.put_tier(session, plan_id, given, currency)
    if plan.version == given.version and given.is_gone:
        await Subscriptions(session).stop_of_stream(given.stream_id)
    elif plan.version == given.version and not given.is_active:
        await Subscriptions(session).stop_unpaid_of_plan(plan_id)
    return plan
