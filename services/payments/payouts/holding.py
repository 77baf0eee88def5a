"""Holding what an order earned while a cause stands, so that none of it leaves. The order is locked by the caller."""

from uuid import UUID

from services.payments.earnings import holds
from services.payments.earnings.domain import EarningStatus, HoldCause
from services.payments.earnings.repository import Earnings, PractitionerLocks
from services.payments.orders.models import Order
from services.payments.payouts import progress
from services.payments.payouts.recovery import reject
from services.payments.payouts.repository import Payouts
from shared.database.session import Session


async def hold(session: Session, order: Order, cause: HoldCause, turn: UUID) -> None:
    """Holds what is not paid out; a payout with such money that waits for approval is rejected, its rest available.

    Once per `turn`. An approved one that was not transferred has failed; whether it was is looked up first where that
    is not known. What was transferred goes on, and is held where it comes back.
    """
    if order.practitioner_id is None:
        return
    await PractitionerLocks(session).lock(order.practitioner_id)
    parts = await holds.add_cause(session, order.id, cause)
    taken = {part.payout_id for part in parts if part.status is EarningStatus.IN_PAYOUT}
    for payout in await Payouts(session).eligible(order.practitioner_id):
        if payout.id in taken:
            await reject(session, payout, progress.HELD)
    for payout in await Payouts(session).not_transferred(order.practitioner_id):
        if payout.id in taken and not await progress.stop(session, payout):
            progress.bring_forward(session, payout)
    await holds.hold(session, await Earnings(session).of_order(order.id), turn)


async def release(session: Session, order: Order, cause: HoldCause, turn: UUID) -> None:
    """Ends the cause: what nothing else holds is pending again, or available if its time has come. Once per `turn`."""
    if order.practitioner_id is None:
        return
    await PractitionerLocks(session).lock(order.practitioner_id)
    await holds.release(session, order.id, cause, turn)
