"""Use cases of earnings. Whoever changes a seller's available money holds the order's lock, then the seller's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast
from uuid import UUID

from services.payments.commission.domain import commission_of
from services.payments.earnings.domain import (
    TRANSITIONS,
    EarningStatus,
    Entry,
    Reversal,
    apply,
    divide,
    reverse,
    shares_after,
    take_oldest,
)
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import Earnings, Sellers, Sums
from services.payments.earnings.schemas import EarningsSummary
from services.payments.ledger.domain import (
    Account,
    Leg,
    order_escrow,
    platform_revenue,
    seller_available,
    seller_debt,
    seller_in_payout,
    seller_pending,
)
from services.payments.ledger.service import balance_of, post
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from services.payments.refunds.repository import Refunds
from services.payments.settings import PaymentsSettings
from shared.auth import Who
from shared.db import Session
from shared.events.payments import EarningAccrued, EarningAvailable, EarningReversed
from shared.ids import derived_id, new_id
from shared.money import Money
from shared.outbox import emit
from shared.state import transition


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is posted: the id of the ledger's event, its reason, and what it refers to."""

    id: UUID
    reason: str
    ref: Mapping[str, UUID]


async def accrue(session: Session, order_id: UUID) -> Earning | None:
    """Turns a confirmed booking's order into an earning at its frozen rate, less what is refunded already.

    Once per order; None where it was done before, and where nothing was to be paid.
    """
    order = await Orders(session).get(order_id, lock=True)
    terms = await Earnings(session).before_accrual(order_id)
    if order.total == 0 or order.practitioner_id is None or terms is None:
        return None
    whole = commission_of(order.total, terms.rate)
    stands = shares_after(order.total, whole, terms.refunded)
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
        status=EarningStatus.PENDING if terms.refunded < order.total else EarningStatus.REVERSED,
        created_at=session.now(),
    )
    await Earnings(session).add(earning)
    await _post_accrual(session, earning)
    return earning


async def _post_accrual(session: Session, earning: Earning) -> None:
    currency = earning.currency
    legs = [
        Leg(order_escrow(currency), seller_pending(earning.practitioner_id, currency), earning.net),
        Leg(order_escrow(currency), platform_revenue(currency), earning.commission),
    ]
    if not await post(session, derived_id(earning.id, "accrued"), "earning_accrued", legs, _ref(earning)):
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


async def release(session: Session, practitioner_id: UUID, until: datetime) -> int:
    """Makes available what was due by `until`, debt first; returns how many entries that were. Locks the seller."""
    await Sellers(session).lock(practitioner_id)
    due = await Earnings(session).of_due(practitioner_id, until)
    for earning in due:
        source = seller_pending(practitioner_id, earning.currency)
        released = Cause(derived_id(earning.id, "released"), "earning_released", _ref(earning))
        await _make_available(session, [earning], source, released)
        net = Money(earning.net, earning.currency)
        emit(session, EarningAvailable(earning_id=earning.id, practitioner_id=practitioner_id, net=net))
    return len(due)


async def give_back(session: Session, payout_id: UUID, source: Account) -> None:
    """Returns what a payout had taken to available, debt first, from `source`. The seller is locked."""
    entries = await Earnings(session).of_payout(payout_id)
    returned = Cause(derived_id(payout_id, "returned"), "payout_returned", {"payout_id": payout_id})
    await _make_available(session, entries, source, returned)


async def _make_available(session: Session, entries: Sequence[Earning], source: Account, cause: Cause) -> None:
    """An entry that becomes available repays debt before anything else, so available is never below zero (rule 11)."""
    if not entries:
        return
    first = entries[0]
    debt_account = seller_debt(first.practitioner_id, first.currency)
    available = seller_available(first.practitioner_id, first.currency)
    debt = -await balance_of(session, debt_account)
    repaid = take_oldest([entry.net for entry in entries], debt)
    for earning, part in zip(entries, repaid, strict=True):
        transition(earning, EarningStatus.AVAILABLE, TRANSITIONS)
        earning.payout_id, earning.repaid = None, part
    await session.flush()
    legs = [
        Leg(source, available, sum(entry.net for entry in entries)),
        Leg(available, debt_account, sum(repaid)),
    ]
    await post(session, cause.id, cause.reason, legs, cause.ref)


async def reserve(session: Session, practitioner_id: UUID, payout_id: UUID, amount: Money) -> None:
    """Moves available money into a payout: entries oldest first, the last one split where it must. Seller is locked.

    Raises BalanceTooLow where there is less than that.
    """
    entries = await Earnings(session).of_payable(practitioner_id)
    shares = take_oldest([earning.entry.payable for earning in entries], amount.amount)
    for earning, taken in zip(entries, shares, strict=True):
        if taken:
            await _reserve_one(session, earning, taken, payout_id)
    await session.flush()
    currency = amount.currency
    leg = Leg(seller_available(practitioner_id, currency), seller_in_payout(practitioner_id, currency), amount.amount)
    await post(session, derived_id(payout_id, "reserved"), "payout_reserved", [leg], {"payout_id": payout_id})


async def _reserve_one(session: Session, earning: Earning, taken: int, payout_id: UUID) -> None:
    if taken < earning.net:
        part, rest = divide(earning.entry, taken)
        session.add(_rest_of(earning, rest, await Earnings(session).next_part(earning.order_id)))
        earning.keep(part)
        await session.flush()
    transition(earning, EarningStatus.IN_PAYOUT, TRANSITIONS)
    earning.payout_id = payout_id


def _rest_of(earning: Earning, rest: Entry, part: int) -> Earning:
    return Earning(
        id=new_id(),
        order_id=earning.order_id,
        part=part,
        booking_id=earning.booking_id,
        practitioner_id=earning.practitioner_id,
        currency=earning.currency,
        commission_rate=earning.commission_rate,
        commission=rest.commission,
        net=rest.net,
        reversed_commission=0,
        reversed_net=0,
        repaid=rest.repaid,
        owed=rest.owed,
        owed_commission=rest.owed_commission,
        status=earning.status,
        completed_at=earning.completed_at,
        available_at=earning.available_at,
        created_at=earning.created_at,
    )


async def settle_paid(session: Session, payout_id: UUID) -> None:
    """Marks what a payout took as paid; the seller is locked."""
    for earning in await Earnings(session).of_payout(payout_id):
        transition(earning, EarningStatus.PAID, TRANSITIONS)
    await session.flush()


async def reverse_for(session: Session, order: Order, refund_id: UUID) -> None:
    """Takes back what the order's refunds, all together, leave too much (rules 10, 11, 18). The order is locked.

    Before accrual there is nothing to do: accrual counts the refunds. What was paid out becomes debt.
    """
    if order.practitioner_id is None or not await Earnings(session).exist_for(order.id):
        return
    await Sellers(session).lock(order.practitioner_id)
    earnings = await Earnings(session).of_order(order.id)
    entries = [earning.entry for earning in earnings]
    refunded = (await Refunds(session).refunded(order.id)).total
    whole = commission_of(order.total, earnings[0].commission_rate)
    stands = shares_after(order.total, whole, refunded)
    net = sum(entry.reversible for entry in entries) - stands.net
    commission = sum(entry.reversible_commission for entry in entries) - stands.commission
    reversals = reverse(entries, net, commission)
    await _post_reversal(session, earnings, reversals, refund_id)
    for earning, reversal in zip(earnings, reversals, strict=True):
        _reverse_one(session, earning, reversal)
    await session.flush()


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
    ref = _ref(earnings[0]) | {"refund_id": refund_id}
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
        available=Money(available.net - available.repaid, currency),
        in_payout=Money(by_status[EarningStatus.IN_PAYOUT].net, currency),
        paid=Money(by_status[EarningStatus.PAID].net, currency),
        reversed=Money(sum(each.reversed for each in by_status.values()), currency),
        debt=Money(-await balance_of(session, seller_debt(practitioner_id, currency)), currency),
    )


def seller_id(who: Who) -> UUID:
    """The practitioner id of who asks; the route has checked that there is one."""
    assert who.practitioner_id is not None
    return who.practitioner_id


def settings_of(session: Session) -> PaymentsSettings:
    """The settings that `create_app` put into the database's info."""
    return cast(PaymentsSettings, session.info["settings"])


def _ref(earning: Earning) -> dict[str, UUID]:
    return {"order_id": earning.order_id, "booking_id": earning.booking_id, "earning_id": earning.id}
