"""How what an order sold is earned: each line once, in the parts that its releases make of it."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from services.payments.commission.domain import commission_of
from services.payments.earnings.available import ref_of
from services.payments.earnings.domain import (
    EarningStatus,
    Entry,
    Reversal,
    distribute,
    released,
    shares_after,
)
from services.payments.earnings.errors import NotPaid
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import Earnings
from services.payments.ledger.domain import Leg, order_escrow, platform_revenue, revenue_of, seller_pending, signed
from services.payments.ledger.service import post
from services.payments.orders.domain import ReleasedOn
from services.payments.orders.models import Order, OrderLine
from services.payments.orders.repository import OrderLines
from shared.database.session import Session
from shared.events.payments import EarningAccrued
from shared.messaging.outbox import emit
from shared.records.currencies import step
from shared.records.ids import derived_id
from shared.records.money import Money


async def earn(session: Session, order: Order) -> None:
    """Turns the lines of a paid order into earnings at their frozen rates, less what is refunded already.

    All at once, and once. Held from the start where anything holds the line. What the platform sold is its revenue.
    The order is locked. Raises NotPaid, since nobody earns what is not there.
    """
    if order.price == 0:
        return
    if order.received < order.price:
        raise NotPaid(f"order {order.id} is {order.status}")
    for line, is_held in await OrderLines(session).earn(order.id):
        if line.practitioner_id is None:
            await _earn_revenue(session, order, line)
        for earning in _earnings_of(session, order, line, is_held=is_held):
            await Earnings(session).add(earning)
            await _post_accrual(session, earning)


async def _earn_revenue(session: Session, order: Order, line: OrderLine) -> None:
    leg = signed(order_escrow(order.currency), revenue_of(order.kind, order.currency), line.left)
    ref = {"order_id": order.id, "line_id": line.id}
    await post(session, derived_id(line.id, "accrued"), "line_earned", [leg], ref)


def _earnings_of(session: Session, order: Order, line: OrderLine, *, is_held: bool) -> Iterator[Earning]:
    """One for each release of which there is something to earn; none where the platform sold it."""
    if line.practitioner_id is None:
        return
    for number, (whole, reversal) in enumerate(_entries_of(line, step(order.currency))):
        if whole.net + whole.commission == 0:
            continue
        stands = Entry(whole.status, whole.commission - reversal.commission, whole.net - reversal.net)
        yield Earning(
            id=derived_id(line.id, "earning", str(number)),
            order_id=order.id,
            line_id=line.id,
            release=number,
            part=0,
            kind=order.kind,
            booking_id=line.booking_id,
            practitioner_id=line.practitioner_id,
            currency=order.currency,
            commission_rate=line.commission_rate,
            commission=stands.commission,
            net=stands.net,
            reversed_commission=reversal.commission,
            reversed_net=reversal.net,
            repaid=0,
            owed=0,
            owed_commission=0,
            status=_first_status(stands, is_held=is_held),
            completed_at=line.ended_at if line.parts[number].on is ReleasedOn.COMPLETED else None,
            available_at=_available_at(order, line, number),
            created_at=session.now(),
        )


def _entries_of(line: OrderLine, unit: int) -> list[tuple[Entry, Reversal]]:
    """By release: what it is of the whole line, and what refunds have taken of that already."""
    commission = commission_of(line.worth, line.commission_rate, unit)
    percents = [release.percent for release in line.parts]
    both = zip(released(commission, percents, unit), released(line.worth - commission, percents, unit), strict=True)
    entries = [Entry(EarningStatus.PENDING, *each) for each in both]
    stands = shares_after(line.worth, commission, line.gone, unit)
    order = _first_taken(line)
    taken = distribute(
        [entries[number] for number in order], line.worth - commission - stands.net, commission - stands.commission
    )
    by_release = dict(zip(order, taken, strict=True))
    return [(entry, by_release[number]) for number, entry in enumerate(entries)]


def _first_taken(line: OrderLine) -> Sequence[int]:
    """The releases in the order in which refunds take their money: that on completed first."""
    return sorted(range(len(line.parts)), key=lambda number: line.parts[number].on is ReleasedOn.PAID)


def _first_status(stands: Entry, *, is_held: bool) -> EarningStatus:
    if stands.net + stands.commission == 0:
        return EarningStatus.REVERSED
    return EarningStatus.HELD if is_held else EarningStatus.PENDING


def _available_at(order: Order, line: OrderLine, number: int) -> datetime | None:
    """None while it waits for the line's end."""
    on_payment = line.parts[number].on is ReleasedOn.PAID
    since = (order.paid_at or order.created_at) if on_payment else line.ended_at
    return None if since is None else since + timedelta(hours=line.hold_hours)


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
            kind=earning.kind.value,
            line_id=earning.line_id,
            booking_id=earning.booking_id,
            gross=Money(earning.net + earning.commission, currency),
            commission=Money(earning.commission, currency),
            net=Money(earning.net, currency),
        ),
    )
