"""Use cases of changing a subscription's plan: what it would cost, and doing it."""

from uuid import UUID

from services.payments.billing import bills
from services.payments.billing.quotes import price_of, quoted
from services.payments.billing.schemas import ChangePreview, PlanChoice, SubscriptionView
from services.payments.billing.service import answered
from services.payments.billing.withdrawals import withdraw, withdraw_pending
from services.payments.orders.errors import OrderClosed
from services.payments.orders.paying import Tried, charge
from services.payments.plans.domain import PlanKind
from services.payments.plans.models import Plan
from services.payments.plans.repository import Plans
from services.payments.plans.schemas import PlanView
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.domain import TIME_TO_PAY, ChangeStatus
from services.payments.subscriptions.models import PlanChange, Subscription
from services.payments.subscriptions.proration import Effective, Quote
from services.payments.subscriptions.repository import Changes, Subscriptions
from services.payments.subscriptions.settlement import apply_change
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import NotFound, PaymentMethodRequired
from shared.internal.catalog import SERVICES_OVER_LIMIT
from shared.records.ids import derived_id


async def preview(runtime: PaymentsRuntime, caller: Caller, subscription_id: UUID, wanted: PlanChoice) -> ChangePreview:
    """What the change would do now; raises as `quoted` does, NotFound, and Unavailable."""
    async with runtime.db.read() as session:
        subscription = await Subscriptions(session).owned_by(caller, subscription_id)
        plan, quote = await quoted(session, subscription, wanted)
    return ChangePreview.of(quote, await _services_over_limit(runtime, subscription, plan))


async def _services_over_limit(runtime: PaymentsRuntime, subscription: Subscription, plan: Plan) -> int:
    limit = plan.features["service_limit"] if plan.kind is PlanKind.PLATFORM else None
    if limit is None or subscription.practitioner_id is None:
        return 0
    query = {"limit": limit}
    asked = runtime.peers.ask(SERVICES_OVER_LIMIT, query=query, practitioner_id=subscription.practitioner_id)
    return (await asked).count


async def change(
    runtime: PaymentsRuntime, caller: Caller, once: IdempotentOperation, subscription_id: UUID, wanted: PlanChoice
) -> SubscriptionView:
    """Changes the plan: at once where nothing is due, once what is due is paid, or at the period's end.

    It replaces a change that is pending, unless that was paid in the same moment. Raises as `quoted` does, and NotFound
    for another's.
    """
    async with runtime.db.transaction() as session:
        await once.start(session)
        subscription = await Subscriptions(session).owned_by(caller, subscription_id)
        asked = await Changes(session).find(once.id)
        if asked is None:
            await quoted(session, subscription, wanted)
    while asked is None:
        await withdraw_pending(runtime, subscription_id, "replaced")
        asked = await _asked_for(runtime, once.id, subscription_id, wanted)
    return await answered(runtime, once, subscription_id, 200, await _first_try(runtime, asked))


async def _asked_for(
    runtime: PaymentsRuntime, change_id: UUID, subscription_id: UUID, wanted: PlanChoice
) -> PlanChange | None:
    """The change, in force already where it is free; None where another one has become pending."""
    async with runtime.db.transaction() as session:
        await Plans(session).keep(wanted.plan_id)
        subscription = await Subscriptions(session).get(subscription_id, lock=True)
        if await Changes(session).find_pending(subscription_id) is not None:
            return None
        plan, quote = await quoted(session, subscription, wanted)
        asked = _change_of(session, subscription, change_id, plan, quote, wanted)
        session.add(asked)
        if asked.order_id is None and quote.proration.effective is Effective.NOW:
            apply_change(session, subscription, asked)
    return asked


def _change_of(
    session: Session, subscription: Subscription, change_id: UUID, plan: Plan, quote: Quote, wanted: PlanChoice
) -> PlanChange:
    price, cost, end = price_of(plan, wanted.interval), quote.proration, subscription.current_period_end
    is_billed = cost.due > 0 or (cost.charge > 0 and wanted.interval is not subscription.interval)
    is_billed = is_billed and end is not None
    return PlanChange(
        id=change_id,
        subscription_id=subscription.id,
        number=subscription.number,
        order_id=derived_id(change_id, "order") if is_billed else None,
        plan_id=plan.id,
        plan=PlanView.of(plan).model_dump(mode="json"),
        interval=wanted.interval,
        currency=price.currency,
        amount=price.amount,
        before=subscription.amount,
        at=quote.at,
        charge=cost.charge,
        credit=cost.credit,
        due=cost.due,
        status=ChangeStatus.PENDING,
        expires_at=min(session.now() + TIME_TO_PAY, end) if end and is_billed else None,
        created_at=session.now(),
    )


async def _first_try(runtime: PaymentsRuntime, asked: PlanChange) -> Tried | None:
    """The one try, with the default card, of who asks for the change; None where there is nothing to try."""
    if asked.order_id is None or asked.status is not ChangeStatus.PENDING:
        return None
    async with runtime.db.read() as session:
        subscription = await Subscriptions(session).get(asked.subscription_id)
    order = await bills.open_difference(runtime, subscription, asked)
    if order is None:
        await withdraw(runtime, asked, "given up")
    if order is None or not order.payable:
        return None
    try:
        return await charge(runtime, order.id, order.client_id, derived_id(order.id, "opened"), off_session=False)
    except (OrderClosed, NotFound, PaymentMethodRequired):
        return None
