"""Taking a refund from a practitioner's money: what is still in hand first, so that debt is only what is gone."""

from collections.abc import Sequence
from uuid import UUID

from services.payments.earnings.available import Cause, debt_of, release, repay, reserve, return_from_payout
from services.payments.earnings.service import reverse
from services.payments.ledger.domain import seller_in_payout
from services.payments.orders.models import Order, Taken
from services.payments.payouts import progress, reductions
from services.payments.payouts.domain import REFUNDED, TRANSITIONS, PayoutStatus
from services.payments.payouts.models import Payout
from services.payments.payouts.repository import Payouts
from shared.database.session import Session
from shared.events.payments import PayoutRejected
from shared.messaging.outbox import emit
from shared.records.currencies import payout_step
from shared.records.ids import derived_id
from shared.records.state import transition


async def recover_refund(session: Session, order: Order, taken: Sequence[Taken], refund_id: UUID, minimum: int) -> None:
    """Takes a booked refund from the lines' own earnings, then other available ones, then payouts.

    Of payouts: those that wait for approval first, then those whose bank payout has not been asked for. One that waits
    keeps at least `minimum` minor units, or is rejected. Once per refund id. The order is locked; the practitioners are
    locked here, as by requests and approvals.
    """
    owed = await reverse(session, order, taken, refund_id)
    for practitioner_id in sorted(owed):
        if owed[practitioner_id]:
            await _recover(session, order, practitioner_id, refund_id, minimum)


async def _recover(session: Session, order: Order, practitioner_id: UUID, refund_id: UUID, minimum: int) -> None:
    await release(session, practitioner_id, session.now())
    posting = derived_id(refund_id, "repaid", str(practitioner_id))
    cause = Cause(posting, "debt_repaid", {"order_id": order.id, "refund_id": refund_id})
    debt = await repay(session, practitioner_id, order.currency, cause)
    if debt:
        await _from_payouts(session, practitioner_id, refund_id, minimum)
        await reductions.plan(session, practitioner_id, order.currency, refund_id)


async def _from_payouts(session: Session, practitioner_id: UUID, refund_id: UUID, minimum: int) -> None:
    for payout in await Payouts(session).eligible(practitioner_id):
        debt = await debt_of(session, practitioner_id, payout.currency)
        if debt == 0:
            return
        left = _left(payout, debt)
        await _shrink(session, payout, left if left >= minimum else 0, refund_id)


def _left(payout: Payout, debt: int) -> int:
    left = max(payout.amount - debt, 0)
    return left - left % payout_step(payout.currency)


async def _shrink(session: Session, payout: Payout, left: int, refund_id: UUID) -> None:
    """Makes the payout smaller, or rejects it where nothing is to be left: its rest is available then."""
    in_payout = seller_in_payout(payout.practitioner_id, payout.currency)
    turn = derived_id(refund_id, str(payout.id))
    await return_from_payout(session, payout.id, in_payout, derived_id(turn, "returned"))
    if left == 0:
        _rejected(session, payout, REFUNDED)
        return
    payout.amount = left
    await reserve(session, payout.practitioner_id, payout.id, payout.money, derived_id(turn, "reserved"))


async def reject(session: Session, payout: Payout, reason: str) -> None:
    """Refuses a payout that waits for approval; what nothing holds is available again. The practitioner is locked."""
    _rejected(session, payout, reason)
    await return_from_payout(session, payout.id, seller_in_payout(payout.practitioner_id, payout.currency))


def _rejected(session: Session, payout: Payout, reason: str) -> None:
    transition(payout, PayoutStatus.REJECTED, TRANSITIONS)
    payout.reason = reason
    emit(session, PayoutRejected(**progress.event_fields(payout)))
