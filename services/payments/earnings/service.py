"""Use cases of earnings. Whoever changes available money holds the order's lock, then the practitioner's."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from services.payments.commission.domain import commission_of
from services.payments.earnings.available import debt_of, ref_of, reverse_to
from services.payments.earnings.domain import EarningStatus, Reversal, apply, distribute, shares_after
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import Earnings, PractitionerLocks, Sums
from services.payments.earnings.schemas import EarningsSummary
from services.payments.ledger.domain import (
    Leg,
    order_escrow,
    platform_revenue,
    revenue_of,
    seller_available,
    seller_debt,
    seller_pending,
    signed,
)
from services.payments.ledger.service import post
from services.payments.orders.models import Order, OrderLine, Taken
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.payments import EarningReversed
from shared.messaging.outbox import emit
from shared.records.currencies import step
from shared.records.ids import derived_id
from shared.records.money import Money


async def complete(
    session: Session, booking_id: UUID, line_id: UUID | None, completed_at: datetime, hold: timedelta
) -> None:
    """Starts the hold period; a second call, or one for what earned nothing, changes nothing.

    A line of an order may end before the purchase's confirmation was heard of, which earns: then it earns as ended.
    """
    complete = partial(Earnings(session).complete, booking_id, line_id, completed_at, completed_at + hold)
    if not await complete() and line_id is not None:
        await complete()  # it may have earned while the first one waited for it


async def reverse(session: Session, order: Order, taken: Sequence[Taken], refund_id: UUID) -> dict[UUID, int]:
    """Takes back what a refund took of these lines, as far as they have earned (rules 10, 11, 18). The order is locked.

    A line that has not earned counts its refunds when it does. What a line's own earnings have no longer becomes debt;
    answers how much, by practitioner, for `payouts.recovery` to collect. The practitioners are locked afterwards.
    """
    earned = [each for each in taken if each.amount and each.line.earned_at is not None]
    await PractitionerLocks(session).lock(*(each.line.practitioner_id for each in earned if each.line.practitioner_id))
    owed = Counter[UUID]()
    for each in earned:
        if each.line.practitioner_id is None:
            await _reverse_revenue(session, order, each, refund_id)
        else:
            owed[each.line.practitioner_id] += await _reverse_line(session, order, each.line, refund_id)
    await session.flush()
    return owed


async def _reverse_revenue(session: Session, order: Order, taken: Taken, refund_id: UUID) -> None:
    leg = signed(revenue_of(order.kind, order.currency), order_escrow(order.currency), taken.amount)
    ref = {"order_id": order.id, "line_id": taken.line.id, "refund_id": refund_id}
    await post(session, derived_id(refund_id, "reversal", str(taken.line.id)), "line_reversed", [leg], ref)


async def _reverse_line(session: Session, order: Order, line: OrderLine, refund_id: UUID) -> int:
    """Takes back what the line's refunds, all together, leave too much; answers what became debt."""
    earnings = await Earnings(session).of_line(line)
    entries = [earning.entry for earning in earnings]
    unit = step(order.currency)
    whole = commission_of(line.worth, line.commission_rate, unit)
    stands = shares_after(line.worth, whole, line.gone, unit)
    net = sum(entry.reversible for entry in entries) - stands.net
    commission = sum(entry.reversible_commission for entry in entries) - stands.commission
    reversals = distribute(entries, net, commission)
    await _post_reversal(session, earnings, reversals, refund_id)
    for earning, reversal in zip(earnings, reversals, strict=True):
        _reverse_one(session, earning, reversal)
    return sum(reversal.owed for reversal in reversals)


async def _post_reversal(
    session: Session, earnings: Sequence[Earning], reversals: Sequence[Reversal], refund_id: UUID
) -> None:
    practitioner, currency = earnings[0].practitioner_id, earnings[0].currency
    escrow = order_escrow(currency)
    both = list(zip(earnings, reversals, strict=True))
    available = sum(part.withdrawn for earning, part in both if earning.status is EarningStatus.AVAILABLE)
    withdrawn = sum(part.withdrawn for part in reversals)
    legs = [
        Leg(seller_pending(practitioner, currency), escrow, withdrawn - available),
        Leg(seller_available(practitioner, currency), escrow, available),
        Leg(seller_debt(practitioner, currency), escrow, sum(part.owed for part in reversals)),
        Leg(platform_revenue(currency), escrow, sum(part.commission for part in reversals)),
    ]
    ref = ref_of(earnings[0]) | {"refund_id": refund_id}
    cause = derived_id(refund_id, "reversal", str(earnings[0].line_id))
    await post(session, cause, "earning_reversed", legs, ref)


def _reverse_one(session: Session, earning: Earning, reversal: Reversal) -> None:
    reverse_to(earning, apply(earning.entry, reversal))
    if reversal.net:
        amount = Money(reversal.net, earning.currency)
        emit(
            session,
            EarningReversed(earning_id=earning.id, practitioner_id=earning.practitioner_id, amount=amount),
        )


async def summary_of(session: Session, practitioner_id: UUID, currency: str) -> EarningsSummary:
    """The practitioner's money by where it is; debt is read from the ledger."""
    sums = await Earnings(session).sums(practitioner_id, currency)
    nothing = Sums(0, 0, 0)
    by_status = {status: sums.get(status, nothing) for status in EarningStatus}
    available = by_status[EarningStatus.AVAILABLE]
    return EarningsSummary(
        pending=Money(by_status[EarningStatus.PENDING].net, currency),
        held=Money(by_status[EarningStatus.HELD].net, currency),
        available=Money(available.net - available.repaid, currency),
        in_payout=Money(by_status[EarningStatus.IN_PAYOUT].net, currency),
        paid=Money(by_status[EarningStatus.PAID].net, currency),
        reversed=Money(sum(each.reversed for each in by_status.values()), currency),
        debt=Money(await debt_of(session, practitioner_id, currency), currency),
    )


def own_practitioner_id(caller: Caller) -> UUID:
    """The practitioner id of who asks; the route has checked that there is one."""
    assert caller.practitioner_id is not None
    return caller.practitioner_id
