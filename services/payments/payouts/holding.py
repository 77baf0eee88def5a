"""Holding what an order earned while a cause stands, so that none of it leaves. The order is locked by the caller."""

from collections.abc import Collection
from uuid import UUID

from services.payments.earnings import holds
from services.payments.earnings.domain import EarningStatus, HoldCause
from services.payments.earnings.repository import Earnings, PractitionerLocks
from services.payments.orders.models import Order
from services.payments.orders.repository import OrderLines
from services.payments.payouts import progress
from services.payments.payouts.recovery import reject
from services.payments.payouts.repository import Payouts
from shared.database.session import Session


async def hold(session: Session, order: Order, cause: HoldCause, turn: UUID) -> None:
    """Holds what is not paid out; a payout with such money that waits for approval is rejected, its rest available.

    Once per `turn`. An approved one that was not transferred has failed; whether it was is looked up first where that
    is not known. What was transferred goes on, and is held where it comes back.
    """
    sellers = await OrderLines(session).sellers(order.id)
    await PractitionerLocks(session).lock(*sellers)
    parts = await holds.add_cause(session, order.id, cause)
    taken = {part.payout_id for part in parts if part.status is EarningStatus.IN_PAYOUT}
    for practitioner_id in sellers:
        await _stop_payouts(session, practitioner_id, taken)
    await holds.hold(session, await Earnings(session).of_order(order.id), turn)


async def _stop_payouts(session: Session, practitioner_id: UUID, payout_ids: Collection[UUID | None]) -> None:
    for payout in await Payouts(session).eligible(practitioner_id):
        if payout.id in payout_ids:
            await reject(session, payout, progress.HELD)
    for payout in await Payouts(session).not_transferred(practitioner_id):
        if payout.id in payout_ids and not await progress.stop(session, payout):
            progress.bring_forward(session, payout)


async def release(session: Session, order: Order, cause: HoldCause, turn: UUID) -> None:
    """Ends the cause: what nothing else holds is pending again, or available if its time has come. Once per `turn`."""
    await PractitionerLocks(session).lock(*await OrderLines(session).sellers(order.id))
    await holds.release(session, order.id, cause, turn)
