"""What staff decide about a payout that cannot go on by itself."""

from uuid import UUID

from services.payments.ledger.domain import connected_clearing, paid_outside
from services.payments.payouts import execution, progress
from services.payments.payouts.domain import PayoutStatus
from services.payments.payouts.models import Payout
from services.payments.payouts.repository import Payouts
from services.payments.payouts.schemas import PayoutView
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.errors import StripeRefused
from shared.auth.verification import Caller
from shared.database import audit
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.observability.logs import logger
from shared.records.state import IllegalTransition
from shared.work.attempts import REQUEST_LEASE

log = logger()


async def retry(session: Session, caller: Caller, payout_id: UUID) -> Payout:
    """Does the next step again by the job; raises IllegalTransition where the payout does not need attention."""
    payout = await Payouts(session).lock(payout_id, caller)
    demand_attention(payout, PayoutStatus.PROCESSING)
    before = {"status": payout.status, "reason": payout.shown_reason}
    progress.go_on(session, payout)
    await audit.record(session, caller.user_id, "payout.retry", payout.id, before, {"status": payout.status})
    return payout


async def fail(runtime: PaymentsRuntime, caller: Caller, payout_id: UUID, once: IdempotentOperation) -> PayoutView:
    """Ends it: what was transferred is fetched back, then its amount is available again.

    Raises NotReversible where Stripe refuses that, and IllegalTransition. After a crash the job, or a repeat, goes on.
    """
    async with runtime.db.transaction() as session:
        await once.start(session)
        payout = await _start_return(session, caller, payout_id, once.id)
    payout = await execution.advance(runtime, payout)
    if payout.status is not PayoutStatus.FAILED:
        raise IllegalTransition(refusal(payout, PayoutStatus.FAILED))
    view = PayoutView.of(payout)
    async with runtime.db.autocommit() as session:
        await once.done(session, 200, view)
    return view


async def _start_return(session: Session, caller: Caller, payout_id: UUID, operation_id: UUID) -> Payout:
    payout = await Payouts(session).lock(payout_id, caller)
    ended = payout.approval_id == operation_id and payout.status is PayoutStatus.FAILED
    if ended or (payout.ending and payout.status is PayoutStatus.PROCESSING):
        return payout
    demand_attention(payout, PayoutStatus.FAILED)
    before = {"status": payout.status, "reason": payout.shown_reason}
    payout.reason = payout.reason or payout.last_error
    payout.ending, payout.approval_id = True, operation_id
    progress.go_on(session, payout)
    payout.lease(REQUEST_LEASE)
    await audit.begin(session, operation_id, caller.user_id, "payout.fail", payout.id, before, {})
    return payout


async def mark_paid(
    runtime: PaymentsRuntime, caller: Caller, payout_id: UUID, reference: str, once: IdempotentOperation
) -> PayoutView:
    """Keeps that the practitioner has the money in another way, under staff's reference.

    What Stripe has done of it is looked up first, where Stripe shows it. Raises IllegalTransition, also where Stripe
    says more by then.
    """
    async with runtime.db.read() as session:
        payout = await Payouts(session).get(payout_id, caller)
    demand_attention(payout, PayoutStatus.PAID)
    await _learn(runtime, payout)
    async with runtime.db.transaction() as session:
        await once.start(session)
        payout = await Payouts(session).lock(payout_id)
        demand_attention(payout, PayoutStatus.PAID)
        await _mark(session, caller, payout, reference)
        view = PayoutView.of(payout)
        await once.done(session, 200, view)
    return view


async def _learn(runtime: PaymentsRuntime, payout: Payout) -> None:
    try:
        await execution.learn(runtime, payout)
    except StripeRefused as refused:
        # The account was closed, or is no longer ours to see: only staff can find out.
        log.warning("payout.not_shown", payout_id=str(payout.id), error=refused.detail)


async def _mark(session: Session, caller: Caller, payout: Payout, reference: str) -> None:
    before = {"status": payout.status, "reason": payout.shown_reason}
    payout.reference = reference
    far = paid_outside(payout.currency) if payout.transfer_id is None else connected_clearing(payout.currency)
    await progress.settle(session, payout, far)
    await audit.record(
        session,
        caller.user_id,
        "payout.mark_paid",
        payout.id,
        before,
        {"status": payout.status, "reference": reference},
    )


def demand_attention(payout: Payout, wanted: PayoutStatus) -> None:
    """Raises IllegalTransition where the payout does not wait for such a decision."""
    if payout.status is not PayoutStatus.NEEDS_ATTENTION:
        raise IllegalTransition(refusal(payout, wanted))


def refusal(payout: Payout, wanted: PayoutStatus) -> str:
    """The text that names both states."""
    return f"This cannot go from {payout.status.value} to {wanted.value}."
