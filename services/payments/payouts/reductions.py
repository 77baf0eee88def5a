"""Parts of transfers that refunds take back, before their bank payouts are asked for: the payouts become smaller.

A part is planned with the refund, and is debt until Stripe has made it; where Stripe refuses it, it stays debt.
"""

from uuid import UUID

from services.payments.earnings.available import Cause, debt_of, return_part
from services.payments.earnings.repository import Earnings
from services.payments.holds.repository import EarningHolds
from services.payments.ledger.domain import Leg, connected_clearing, seller_in_payout, stripe_clearing
from services.payments.ledger.service import post
from services.payments.payouts import calls, progress
from services.payments.payouts.domain import REFUNDED, PayoutStatus
from services.payments.payouts.models import Payout, PayoutReduction
from services.payments.payouts.repository import PayoutReductions, Payouts
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe import provider_calls
from services.payments.stripe.domain import Purpose
from services.payments.stripe.errors import StripeRefused
from services.payments.stripe.objects import StripeReversal
from shared.database.session import Session
from shared.observability.logs import logger
from shared.records.currencies import payout_step
from shared.records.ids import derived_id

log = logger()


async def plan(session: Session, practitioner_id: UUID, currency: str, refund_id: UUID) -> None:
    """Plans to cover the practitioner's debt from approved payouts that are not on their way to a bank, newest first.

    What is planned already counts. The practitioner is locked.
    """
    debt = await debt_of(session, practitioner_id, currency)
    wanted = debt - await PayoutReductions(session).planned(practitioner_id)
    for payout in await Payouts(session).not_sent(practitioner_id) if wanted > 0 else []:
        part = _in_steps(wanted, await _room(session, payout), payout_step(currency))
        if part > 0:
            wanted -= part
            await _plan_one(session, payout, refund_id, part)


def _in_steps(wanted: int, room: int, unit: int) -> int:
    """As much as that, or a little more, so that what is left can be paid out; what is too much is available then."""
    part = min(wanted + -wanted % unit, room)
    return part - part % unit


async def _room(session: Session, payout: Payout) -> int:
    """What can still be taken of the payout, without what a dispute or another cause holds."""
    if await provider_calls.is_asked(session, Purpose.BANK_PAYOUT, payout.id):
        return 0
    entries = await Earnings(session).of_payout(payout.id)
    held = await EarningHolds(session).among([entry.line_id for entry in entries])
    planned = sum(each.amount for each in await PayoutReductions(session).open_ones(payout.id))
    return sum(entry.net for entry in entries if entry.line_id not in held) - planned


async def _plan_one(session: Session, payout: Payout, refund_id: UUID, amount: int) -> None:
    session.add(
        PayoutReduction(
            id=derived_id(refund_id, "reduction", str(payout.id)),
            payout_id=payout.id,
            refund_id=refund_id,
            amount=amount,
            created_at=session.now(),
        )
    )
    await session.flush()
    if payout.transfer_id is not None:
        progress.bring_forward(session, payout)


async def execute(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """Has Stripe make what is planned for a transferred payout; answers the payout after it.

    Raises StripeUnavailable while an outcome is unknown.
    """
    async with runtime.db.read() as session:
        planned = await PayoutReductions(session).open_ones(payout.id)
    for each in planned:
        try:
            made = await provider_calls.make(runtime, calls.reduction_of(runtime, payout, each))
        except StripeRefused as refused:
            await _refused(runtime, each, refused.detail)
        else:
            payout = await _made(runtime, each, made)
    return payout


async def learn(runtime: PaymentsRuntime, payout: Payout) -> Payout:
    """Looks up and keeps what Stripe has made of what is planned, where an answer was lost."""
    async with runtime.db.read() as session:
        planned = await PayoutReductions(session).open_ones(payout.id)
    for each in planned:
        made = await provider_calls.look_up(runtime, calls.reduction_of(runtime, payout, each))
        if made is not None:
            payout = await _made(runtime, each, made)
    return payout


async def _made(runtime: PaymentsRuntime, planned: PayoutReduction, made: StripeReversal) -> Payout:
    async with runtime.db.transaction() as session:
        payout = await Payouts(session).lock(planned.payout_id)
        reduction = await PayoutReductions(session).get(planned.id)
        if reduction.ended_at is None:
            reduction.reversal_id, reduction.ended_at = made.id, session.now()
            await session.flush()
            await _shrink(session, payout, reduction)
    return payout


async def _shrink(session: Session, payout: Payout, reduction: PayoutReduction) -> None:
    """The part is available again, debt first; a payout of which nothing is left has failed."""
    here, far = stripe_clearing(payout.currency), connected_clearing(payout.currency)
    ref = {"payout_id": payout.id, "refund_id": reduction.refund_id, "reduction_id": reduction.id}
    await post(session, reduction.id, "payout_reduced", [Leg(here, far, reduction.amount)], ref)
    if reduction.amount == payout.amount:
        payout.reversal_id = reduction.reversal_id
        await progress.end(session, payout, REFUNDED)
        return
    payout.amount -= reduction.amount
    in_payout = seller_in_payout(payout.practitioner_id, payout.currency)
    cause = Cause(derived_id(reduction.id, "returned"), "payout_returned", ref)
    await return_part(session, payout.id, reduction.amount, in_payout, cause)
    if payout.status is PayoutStatus.PROCESSING:
        progress.schedule_now(session, payout)


async def _refused(runtime: PaymentsRuntime, planned: PayoutReduction, why: str) -> None:
    log.warning("payout.not_reduced", payout_id=str(planned.payout_id), error=why)
    async with runtime.db.transaction() as session:
        await Payouts(session).lock(planned.payout_id)
        reduction = await PayoutReductions(session).get(planned.id)
        if reduction.ended_at is None:
            reduction.reason, reduction.ended_at = why, session.now()
