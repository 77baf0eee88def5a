"""Use cases of earnings. Whoever changes a seller's available money holds the order's lock, then the seller's."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from services.payments.commission.domain import commission_of
from services.payments.earnings.available import debt_of, ref_of
from services.payments.earnings.domain import (
    TRANSITIONS,
    EarningStatus,
    HoldCause,
    Reversal,
    apply,
    reverse,
    shares_after,
)
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import Earnings, Holds, Sellers, Sums, Terms
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
from services.payments.refunds.repository import Refunds
from services.payments.settings import PaymentsSettings
from shared.auth.verification import Who
from shared.database.session import Session
from shared.events.payments import EarningAccrued, EarningReversed
from shared.messaging.outbox import emit
from shared.records.currencies import step
from shared.records.ids import derived_id
from shared.records.money import Money
from shared.records.state import transition


async def accrue(session: Session, order_id: UUID) -> Earning | None:
    """Turns a confirmed booking's order into an earning at its frozen rate, less what is refunded already.

    Held from the start where the payment is disputed. Once per order; None where it was done before, and where
    nothing was to be paid.
    """
    order = await Orders(session).get(order_id, lock=True)
    terms = await Earnings(session).before_accrual(order_id)
    if order.total == 0 or order.practitioner_id is None or terms is None:
        return None
    unit = step(order.currency)
    whole = commission_of(order.total, terms.rate, unit)
    stands = shares_after(order.total, whole, terms.refunded, unit)
    earning = Earning(
        id=derived_id(order_id, "earning"),
        order_id=order_id,
        part=0,
        booking_id=order.booking_id,
        practitioner_id=order.practitioner_id,
        currency=order.currency,
        commission_rate=terms.rate,
        commission=stands.commission,
        net=stands.net,
        reversed_commission=whole - stands.commission,
        reversed_net=order.total - whole - stands.net,
        repaid=0,
        owed=0,
        owed_commission=0,
        status=_first_status(order.total, terms),
        created_at=session.now(),
    )
    await Earnings(session).add(earning)
    if terms.disputed:
        await Holds(session).add([earning.id], HoldCause.CHARGEBACK)
    await _post_accrual(session, earning)
    return earning


def _first_status(total: int, terms: Terms) -> EarningStatus:
    if terms.refunded >= total:
        return EarningStatus.REVERSED
    return EarningStatus.HELD if terms.disputed else EarningStatus.PENDING


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


async def complete(session: Session, booking_id: UUID, completed_at: datetime) -> None:
    """Starts the hold period; a second call, or one for a booking that earned nothing, changes nothing."""
    hold = timedelta(hours=settings_of(session).hold_hours)
    await Earnings(session).complete(booking_id, completed_at, completed_at + hold)


async def reverse_for(session: Session, order: Order, refund_id: UUID) -> int:
    """Takes back what the order's refunds, all together, leave too much (rules 10, 11, 18). The order is locked.

    Before accrual there is nothing to do: accrual counts the refunds. What the order's own earning has no longer
    becomes debt; answers how much, for `payouts.recovery` to collect. The seller is locked afterwards.
    """
    if order.practitioner_id is None or not await Earnings(session).exist_for(order.id):
        return 0
    await Sellers(session).lock(order.practitioner_id)
    earnings = await Earnings(session).of_order(order.id)
    entries = [earning.entry for earning in earnings]
    refunded = (await Refunds(session).refunded(order.id)).total
    unit = step(order.currency)
    whole = commission_of(order.total, earnings[0].commission_rate, unit)
    stands = shares_after(order.total, whole, refunded, unit)
    net = sum(entry.reversible for entry in entries) - stands.net
    commission = sum(entry.reversible_commission for entry in entries) - stands.commission
    reversals = reverse(entries, net, commission)
    await _post_reversal(session, earnings, reversals, refund_id)
    for earning, reversal in zip(earnings, reversals, strict=True):
        _reverse_one(session, earning, reversal)
    await session.flush()
    return sum(reversal.owed for reversal in reversals)


async def _post_reversal(
    session: Session, earnings: Sequence[Earning], reversals: Sequence[Reversal], refund_id: UUID
) -> None:
    seller, currency = earnings[0].practitioner_id, earnings[0].currency
    escrow = order_escrow(currency)
    both = list(zip(earnings, reversals, strict=True))
    available = sum(part.withdrawn for earning, part in both if earning.status is EarningStatus.AVAILABLE)
    withdrawn = sum(part.withdrawn for part in reversals)
    legs = [
        Leg(seller_pending(seller, currency), escrow, withdrawn - available),
        Leg(seller_available(seller, currency), escrow, available),
        Leg(seller_debt(seller, currency), escrow, sum(part.owed for part in reversals)),
        Leg(platform_revenue(currency), escrow, sum(part.commission for part in reversals)),
    ]
    ref = ref_of(earnings[0]) | {"refund_id": refund_id}
    await post(session, derived_id(refund_id, "reversal"), "earning_reversed", legs, ref)


def _reverse_one(session: Session, earning: Earning, reversal: Reversal) -> None:
    before, after = earning.entry, apply(earning.entry, reversal)
    earning.keep(after)
    earning.reversed_net += before.net - after.net
    earning.reversed_commission += before.commission - after.commission
    if before.net + before.commission > 0 == after.net + after.commission:
        transition(earning, EarningStatus.REVERSED, TRANSITIONS)
    if reversal.net:
        amount = Money(reversal.net, earning.currency)
        emit(
            session,
            EarningReversed(earning_id=earning.id, practitioner_id=earning.practitioner_id, amount=amount),
        )


async def summary_of(session: Session, practitioner_id: UUID) -> EarningsSummary:
    """The seller's money by where it is; debt is read from the ledger."""
    currency = settings_of(session).currency
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


def seller_id(who: Who) -> UUID:
    """The practitioner id of who asks; the route has checked that there is one."""
    assert who.practitioner_id is not None
    return who.practitioner_id


def settings_of(session: Session) -> PaymentsSettings:
    """The settings that `create_app` put into the database's info."""
    return cast(PaymentsSettings, session.info["settings"])
