"""Periodic work on subscriptions."""

import asyncio
from functools import partial
from uuid import UUID

from services.payments.billing import metrics, progress
from services.payments.billing.models import CardOffer
from services.payments.billing.repository import Bills, CardOffers
from services.payments.billing.withdrawals import withdraw
from services.payments.refunds.service import refund
from services.payments.runtime import PaymentsRuntime
from services.payments.subscriptions.models import PlanChange
from services.payments.subscriptions.repository import Changes, Subscriptions
from shared.concurrency.back_off import BackOff
from shared.concurrency.tasks import end
from shared.internal.payments import RefundRequest
from shared.records.ids import derived_id
from shared.work.attempts import claim, reason_of, try_each
from shared.work.jobs import Job, Jobs, each

BATCH, LANES = 80, 8
BACK_OFF = BackOff(5.0, 3600.0)


async def advance_subscriptions(runtime: PaymentsRuntime) -> int:
    """Takes the next step of those whose moment has come, several at a time: each waits mostly for Stripe."""
    async with runtime.db.read() as session:
        due = await Subscriptions(session).due(BATCH)
    act, put_off = partial(progress.advance, runtime), partial(_defer, runtime)
    lanes = [asyncio.create_task(each(due[lane::LANES], act, put_off)) for lane in range(LANES)]
    try:
        return sum(await asyncio.gather(*lanes))
    finally:
        await end(*lanes)


async def _defer(runtime: PaymentsRuntime, subscription_id: UUID, error: Exception) -> None:
    async with runtime.db.transaction() as session:
        subscription = await Subscriptions(session).get(subscription_id, lock=True)
        if subscription.next_at is not None:
            subscription.failed(reason_of(error), BACK_OFF)


async def try_offered_cards(runtime: PaymentsRuntime) -> int:
    """Charges overdue bills at once to cards that their owners have just saved or chosen."""
    async with runtime.db.autocommit() as session:
        offers = await claim(session, CardOffer, BATCH, BACK_OFF)
    return await try_each(runtime.db, offers, partial(_try_card, runtime), BACK_OFF)


async def _try_card(runtime: PaymentsRuntime, offer: CardOffer) -> bool:
    async with runtime.db.read() as session:
        overdue = await Subscriptions(session).overdue_of(offer.user_id)
    for subscription_id in overdue:
        attempt = derived_id(offer.id, str(subscription_id))
        await progress.try_card(runtime, subscription_id, offer.method_id, attempt)
    async with runtime.db.autocommit() as session:
        await CardOffers(session).done(offer.id)
    return True


async def drop_unpaid_changes(runtime: PaymentsRuntime) -> int:
    """Changes of plans that nobody paid in time never come into force."""
    async with runtime.db.read() as session:
        unpaid = await Changes(session).unpaid(BATCH)
    return await each(unpaid, partial(_withdraw, runtime))


async def _withdraw(runtime: PaymentsRuntime, change: PlanChange) -> bool:
    await withdraw(runtime, change, "not paid in time")
    return True


async def announce_charges(runtime: PaymentsRuntime) -> int:
    """Reminds users of charges that come in a few days: after a trial, and for another year."""
    async with runtime.db.read() as session:
        coming = await Subscriptions(session).to_announce(BATCH)
    return await each(coming, partial(progress.announce_charge, runtime))


async def refund_late_bills(runtime: PaymentsRuntime) -> int:
    """Returns what came for bills that had been given up (rule 5): their subscriptions have ended."""
    async with runtime.db.read() as session:
        late = await Bills(session).paid_late(BATCH)
    return await each(late, partial(_refund, runtime))


async def _refund(runtime: PaymentsRuntime, order_id: UUID) -> bool:
    wanted = RefundRequest(refund_id=derived_id(order_id, "late"), reason="paid late", by="billing", cancels=True)
    await refund(runtime, order_id, wanted)
    return True


JOBS: Jobs = {
    **metrics.JOBS,
    "advance_subscriptions": Job(advance_subscriptions, every=1.0),
    "try_offered_cards": Job(try_offered_cards, every=1.0),
    "drop_unpaid_changes": Job(drop_unpaid_changes, every=5.0),
    "announce_charges": Job(announce_charges, every=5.0),
    "refund_late_bills": Job(refund_late_bills, every=30.0),
}
