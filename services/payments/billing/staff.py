"""Staff end subscriptions, and return what was paid for the current period."""

from collections.abc import Sequence
from uuid import UUID

from services.payments.billing.progress import advance
from services.payments.billing.repository import Bills
from services.payments.billing.schemas import StaffCancellation, SubscriptionView
from services.payments.billing.service import answered, stop
from services.payments.billing.withdrawals import withdraw_pending
from services.payments.orders.models import Order
from services.payments.refunds import service as refunds
from services.payments.refunds.domain import RefundStatus
from services.payments.refunds.execution import execute
from services.payments.refunds.models import Refund
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.domain import CancelAt, RefundOf
from services.payments.subscriptions.models import Subscription
from services.payments.subscriptions.proration import Span, share
from services.payments.subscriptions.repository import Subscriptions
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import ConflictOfInterest
from shared.internal.payments import RefundRequest
from shared.records.ids import derived_id
from shared.records.money import Money
from shared.records.state import IllegalTransition


async def cancel(
    runtime: PaymentsRuntime,
    caller: Caller,
    once: IdempotentOperation,
    subscription_id: UUID,
    wanted: StaffCancellation,
) -> SubscriptionView:
    """Lets it end, a paid period too, and refunds the current period's bills as far as wanted; all or nothing.

    A bill whose payment is disputed is refunded once that is won. Raises NotFound, ConflictOfInterest, and
    IllegalTransition where it has ended.
    """
    booked: Sequence[Refund] = ()
    async with runtime.db.transaction() as session:
        await once.start(session)
        if not once.resumed:
            booked = await _cancel(session, runtime, caller, once.id, subscription_id, wanted)
    for refund in booked:
        if refund.status is RefundStatus.PENDING:
            await execute(runtime, refund)
    await withdraw_pending(runtime, subscription_id, "cancelled by staff")
    await advance(runtime, subscription_id)
    return await answered(runtime, once, subscription_id, 200)


async def _cancel(
    session: Session,
    runtime: PaymentsRuntime,
    caller: Caller,
    operation_id: UUID,
    subscription_id: UUID,
    wanted: StaffCancellation,
) -> Sequence[Refund]:
    """Bills are locked before their subscription, as by payments."""
    seen = await Subscriptions(session).get(subscription_id)
    if seen.user_id == caller.user_id:
        raise ConflictOfInterest
    number, bills = seen.number, await Bills(session).lock_current(seen)
    subscription = await Subscriptions(session).get(subscription_id, lock=True)
    if subscription.number != number:
        raise IllegalTransition("This subscription has just been renewed. Look at it again.")
    amount = await _amount(session, subscription, bills, wanted)
    before = {"status": subscription.status, "cancel_at": subscription.cancel_at and str(subscription.cancel_at)}
    stop(session, subscription, wanted.at)
    booked = await _refund(session, runtime, operation_id, bills, amount)
    returned = {"amount": sum(refund.tenders.total for refund in booked), "currency": subscription.currency}
    after = {"cancel_at": str(subscription.cancel_at), "refund": wanted.refund, "returned": returned}
    await audit.record(session, caller.user_id, "subscription.cancel", subscription.id, before, after)
    return booked


async def _amount(
    session: Session, subscription: Subscription, bills: Sequence[Order], wanted: StaffCancellation
) -> int:
    """What is unused at its end, of what the period has really cost; or all that no refund has returned."""
    paid, start, end = sum(_left(bill) for bill in bills), subscription.current_period_start, subscription.paid_until
    if wanted.refund is RefundOf.ALL:
        return paid
    if wanted.refund is RefundOf.NONE or start is None or end is None:
        return 0
    until = session.now() if wanted.at is CancelAt.NOW else end
    unused = share(await Bills(session).really_paid(subscription), Span(start, end), until, subscription.currency)
    return min(unused, paid)


def _left(bill: Order) -> int:
    return bill.card_paid + bill.credits_spent - bill.refunded


async def _refund(
    session: Session, runtime: PaymentsRuntime, operation_id: UUID, bills: Sequence[Order], amount: int
) -> Sequence[Refund]:
    """The newest bills give first, each at most what it has left."""
    booked = []
    for bill in bills:
        part = min(amount, _left(bill))
        amount -= part
        wanted = RefundRequest(
            refund_id=derived_id(operation_id, str(bill.id)),
            amount=Money(part, bill.currency),
            reason="staff",
            by="staff",
            cancels=True,
        )
        made = await refunds.book_wanted(session, runtime.settings, bill, wanted) if part else None
        booked += [made] if made else []
    return booked
