"""Taking back changes of plans that are pending: nobody shall pay them any more."""

from uuid import UUID

from services.payments.orders.service import close_order
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.domain import CHANGE_TRANSITIONS, ChangeStatus
from services.payments.subscriptions.models import PlanChange
from services.payments.subscriptions.repository import Changes, Subscriptions
from shared.records.state import transition


async def withdraw(runtime: PaymentsRuntime, change: PlanChange, reason: str) -> None:
    """Closes what the change waits for, and drops it; where that was paid in the same moment it is in force."""
    if change.order_id is not None:
        await close_order(runtime, change.order_id, reason)
    async with runtime.db.transaction() as session:
        await Subscriptions(session).get(change.subscription_id, lock=True)
        found = await Changes(session).find(change.id)
        if found is not None and found.status is ChangeStatus.PENDING:
            transition(found, ChangeStatus.DROPPED, CHANGE_TRANSITIONS)


async def withdraw_pending(runtime: PaymentsRuntime, subscription_id: UUID, reason: str) -> None:
    """The same with the one that is pending, if there is one."""
    async with runtime.db.read() as session:
        change = await Changes(session).find_pending(subscription_id)
    if change is not None:
        await withdraw(runtime, change, reason)
