"""Use cases of earnings. Whoever changes available money holds the order's lock, then the practitioner's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.payments.commission.domain import commission_of
from services.payments.earnings.available import debt_of, ref_of, reverse_to
from services.payments.earnings.domain import (
    EarningStatus,
    HoldCause,
    Reversal,
    apply,
    distribute,
    shares_after,
)
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import Earnings, Holds, PractitionerLocks, Sums
from services.payments.earnings.schemas import EarningsSummary
from services.payments.ledger.domain import (
    Leg,
    order_escrow,
    platform_revenue,
    seller_available,
    seller_debt,
    seller_pending,
)
from services.payments.ledger.service import post
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from shared.auth.verification import Caller
from shared.database.session import Session
from shared.events.payments import EarningAccrued, EarningReversed
from shared.messaging.outbox import emit
from shared.records.currencies import step
from shared.records.ids import derived_id
from shared.records.money import Money


async def accrue(session: Session, order_id: UUID) -> Earning | None:
    """Turns a confirmed booking's order into an earning at its frozen rate, less what is refunded already.

    Held from the start where the payment is disputed. Once per order; None where it was done before, and where
    nothing was to be paid.
    """
    order = await Orders(session).get(order_id, lock=True)
    if order.total == 0 or order.practitioner_id is None:
        return None
    rate, unit = await Earnings(session).rate_to_accrue(order_id), step(order.currency)
    if rate is None:
        return None
    whole = commission_of(order.total, rate, unit)
    stands = shares_after(order.total, whole, order.refunded, unit)
    earning = Earning(
        id=derived_id(order_id, "earning"),
        order_id=order_id,
        part=0,
        booking_id=order.booking_id,
        practitioner_id=order.practitioner_id,
        currency=order.currency,
        commission_rate=rate,
        commission=stands.commission,
        net=stands.net,
        reversed_commission=whole - stands.commission,
        reversed_net=order.total - whole - stands.net,
        repaid=0,
        owed=0,
        owed_commission=0,
        status=_first_status(order),
        created_at=session.now(),
    )
    await Earnings(session).add(earning)
    if order.disputed:
        await Holds(session).add([earning.id], HoldCause.CHARGEBACK)
    await _post_accrual(session, earning)
    return earning


def _first_status(order: Order) -> EarningStatus:
    if order.refunded >= order.total:
        return EarningStatus.REVERSED
    return EarningStatus.HELD if order.disputed else EarningStatus.PENDING


async def _post_accrual(session: Session, earning: Earning) -> None:
    currency = earning.currency
    legs = [
        Leg(order_escrow(currency), seller_pending(earning.practitioner_id, currency), earning.net),
        Leg(order_escrow(currency), platform_revenue(currency), earning.commission),
    ]
    if not await post(session, derived_id(earning.id, "accrued"), "earning_accrued", legs, ref_of(earning)):
        return
    emit(
        session,
        EarningAccrued(
            earning_id=earning.id,
            practitioner_id=earning.practitioner_id,
            booking_id=earning.booking_id,
            gross=Money(earning.net + earning.commission, currency),
            commission=Money(earning.commission, currency),
            net=Money(earning.net, currency),
        ),
    )


async def complete(session: Session, booking_id: UUID, completed_at: datetime, hold: timedelta) -> None:
    """Starts the hold period; a second call, or one for a booking that earned nothing, changes nothing."""
    await Earnings(session).complete(booking_id, completed_at, completed_at + hold)


async def reverse(session: Session, order: Order, refund_id: UUID) -> int:
    """Takes back what the order's refunds, all together, leave too much (rules 10, 11, 18). The order is locked.

    Before accrual there is nothing to do: accrual counts the refunds. What the order's own earning has no longer
    becomes debt; answers how much, for `payouts.recovery` to collect. The practitioner is locked afterwards.
    """
    if order.practitioner_id is None or not await Earnings(session).exist_for(order.id):
        return 0
    await PractitionerLocks(session).lock(order.practitioner_id)
    earnings = await Earnings(session).of_order(order.id)
    entries = [earning.entry for earning in earnings]
    unit = step(order.currency)
    whole = commission_of(order.total, earnings[0].commission_rate, unit)
    stands = shares_after(order.total, whole, order.refunded, unit)
    net = sum(entry.reversible for entry in entries) - stands.net
    commission = sum(entry.reversible_commission for entry in entries) - stands.commission
    reversals = distribute(entries, net, commission)
    await _post_reversal(session, earnings, reversals, refund_id)
    for earning, reversal in zip(earnings, reversals, strict=True):
        _reverse_one(session, earning, reversal)
    await session.flush()
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
    await post(session, derived_id(refund_id, "reversal"), "earning_reversed", legs, ref)


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
