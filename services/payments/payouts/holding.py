"""Opening and ending holds, so that none of what is held leaves, under the locks that approving a payout takes."""

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from services.payments.earnings import holds
from services.payments.earnings.domain import EarningStatus
from services.payments.earnings.repository import Earnings, PractitionerLocks
from services.payments.holds.domain import HoldCause
from services.payments.holds.repository import EarningHolds, PayoutHolds, ServiceHolds
from services.payments.orders.errors import UnknownLine
from services.payments.orders.repository import OrderLines, Orders
from services.payments.payouts import progress
from services.payments.payouts.domain import HELD
from services.payments.payouts.errors import HoldChanged
from services.payments.payouts.recovery import reject
from services.payments.payouts.repository import Payouts
from shared.database.session import Session
from shared.internal.payments import HoldRequest


async def hold(session: Session, cause_id: UUID, wanted: HoldRequest) -> bool:
    """Holds what another service asks for; answers whether it does now: what has ended is not opened again.

    Raises UnknownLine, and HoldChanged where the cause is known as another one, or for something else.
    """
    cause, line_ids = HoldCause(wanted.cause), {*(wanted.line_ids or ())}
    practitioner_ids = {wanted.practitioner_id} if wanted.practitioner_id else set()
    if not await ServiceHolds(session).add(cause_id, cause):
        return await _is_still_open(session, cause_id, cause, (line_ids, practitioner_ids))
    if await _lock(session, line_ids, practitioner_ids) < len(line_ids):
        raise UnknownLine(field="line_ids")
    await hold_lines(session, line_ids, cause, str(cause_id))
    await PayoutHolds(session).open(practitioner_ids, cause, str(cause_id))
    return True


async def _is_still_open(
    session: Session, cause_id: UUID, cause: HoldCause, wanted: tuple[set[UUID], set[UUID]]
) -> bool:
    known = await ServiceHolds(session).lock(cause_id)
    if known.cause is None:
        return False
    lines = await EarningHolds(session).named_by(known.cause, str(cause_id))
    practitioners = await PayoutHolds(session).named_by(known.cause, str(cause_id))
    if (known.cause, lines, practitioners) != (cause, *wanted):
        raise HoldChanged
    return known.ended_at is None


async def hold_lines(session: Session, line_ids: Collection[UUID], cause: HoldCause, cause_id: str) -> None:
    """Holds what is not paid out; a payout with such money that waits for approval is rejected, its rest available.

    Again changes nothing. An approved one that was not transferred has failed; whether it was is looked up first where
    that is not known. What was transferred goes on, and is held where it comes back.
    """
    await _lock(session, line_ids)
    opened = await EarningHolds(session).open(line_ids, cause, cause_id)
    for practitioner_id, payout_ids in (await _taken(session, opened)).items():
        await _stop_payouts(session, practitioner_id, payout_ids)
    for line_id, hold_id in opened.items():
        await holds.hold(session, line_id, hold_id)


async def end_of_service(session: Session, cause_id: UUID) -> None:
    """Ends what another service's cause holds; a request to hold that comes later holds nothing."""
    if await ServiceHolds(session).add(cause_id, None):
        return
    known = await ServiceHolds(session).lock(cause_id)
    if known.cause is not None and known.ended_at is None:
        known.ended_at = session.now()
        await end(session, known.cause, str(cause_id))


async def end(session: Session, cause: HoldCause, cause_id: str) -> None:
    """Ends the cause: what nothing else holds is pending again, or available if its time has come."""
    lines = await EarningHolds(session).named_by(cause, cause_id)
    await _lock(session, lines, await PayoutHolds(session).named_by(cause, cause_id))
    await PayoutHolds(session).end(cause, cause_id)
    ended = await EarningHolds(session).end(cause, cause_id)
    still = await EarningHolds(session).among(ended)
    for line_id in ended.keys() - still:
        await holds.let_go(session, line_id, ended[line_id])


async def _lock(session: Session, line_ids: Collection[UUID], practitioner_ids: Collection[UUID] = ()) -> int:
    """Locks the lines' orders, then who sells them and these practitioners; answers how many lines there are."""
    lines = await OrderLines(session).named(line_ids)
    for order_id in sorted({line.order_id for line in lines}):
        await Orders(session).get(order_id, lock=True)
    sellers = [line.practitioner_id for line in lines if line.practitioner_id is not None]
    await PractitionerLocks(session).lock(*sellers, *practitioner_ids)
    return len(lines)


async def _taken(session: Session, line_ids: Collection[UUID]) -> dict[UUID, set[UUID]]:
    """The payouts that have taken money of these lines, by practitioner."""
    taken = defaultdict[UUID, set[UUID]](set)
    for part in await Earnings(session).of_lines(line_ids):
        if part.status is EarningStatus.IN_PAYOUT and part.payout_id is not None:
            taken[part.practitioner_id].add(part.payout_id)
    return taken


async def _stop_payouts(session: Session, practitioner_id: UUID, payout_ids: Collection[UUID]) -> None:
    for payout in await Payouts(session).eligible(practitioner_id):
        if payout.id in payout_ids:
            await reject(session, payout, HELD)
    for payout in await Payouts(session).not_transferred(practitioner_id):
        if payout.id in payout_ids and not await progress.stop(session, payout):
            progress.bring_forward(session, payout)
