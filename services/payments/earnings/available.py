"""How earned money becomes available, repays debt, enters and leaves payouts. The practitioner is locked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.payments.earnings.domain import TRANSITIONS, EarningStatus, Entry, divide, settle_owed, take_oldest
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import Earnings, PractitionerLocks
from services.payments.holds.repository import EarningHolds
from services.payments.ledger.domain import (
    Account,
    Leg,
    seller_available,
    seller_debt,
    seller_in_payout,
    seller_pending,
)
from services.payments.ledger.service import balance_of, post
from shared.database.session import Session
from shared.events.payments import EarningAvailable
from shared.messaging.outbox import emit
from shared.records.ids import derived_id, new_id
from shared.records.money import Money
from shared.records.state import transition


@dataclass(frozen=True, slots=True)
class Cause:
    """Why something is posted: the id of the ledger's event, its reason, and what it refers to."""

    id: UUID
    reason: str
    ref: Mapping[str, UUID]


async def release(session: Session, practitioner_id: UUID, until: datetime) -> int:
    """Makes available what was due by `until`, debt first; returns how many entries. Locks the practitioner."""
    await PractitionerLocks(session).lock(practitioner_id)
    due = await Earnings(session).of_due(practitioner_id, until)
    for earning in due:
        source = seller_pending(practitioner_id, earning.currency)
        released = Cause(derived_id(earning.id, "released"), "earning_released", ref_of(earning))
        await make_available(session, [earning], source, released)
        net = Money(earning.net, earning.currency)
        emit(session, EarningAvailable(earning_id=earning.id, practitioner_id=practitioner_id, net=net))
    return len(due)


async def return_from_payout(session: Session, payout_id: UUID, source: Account, cause_id: UUID | None = None) -> None:
    """Returns what a payout had taken to available, debt first, from `source`; what is held stays.

    The practitioner is locked. `cause_id` names the posting; without it the payout is over and returns its money once.
    """
    returned = Cause(cause_id or derived_id(payout_id, "returned"), "payout_returned", {"payout_id": payout_id})
    await _return(session, await Earnings(session).of_payout(payout_id), source, returned)


async def return_part(session: Session, payout_id: UUID, amount: int, source: Account, cause: Cause) -> None:
    """As `return_from_payout`, for that much of it: what refunds took of its entries first, what is held last."""
    entries = (await Earnings(session).of_payout(payout_id))[::-1]
    kept = await EarningHolds(session).among([entry.line_id for entry in entries])
    entries.sort(key=lambda entry: entry.line_id in kept)
    own = take_oldest([0 if entry.line_id in kept else entry.owed for entry in entries], amount)
    more = take_oldest([entry.net - part for entry, part in zip(entries, own, strict=True)], amount - sum(own))
    parts = [a + b for a, b in zip(own, more, strict=True)]
    chosen = [await _part_of(session, entry, part) for entry, part in zip(entries, parts, strict=True) if part]
    await _return(session, chosen, source, cause)


async def _part_of(session: Session, earning: Earning, amount: int) -> Earning:
    """An entry with that much of the earning's net, and as much as possible of what it owes; the rest stays in it."""
    return earning if amount == earning.net else await split_off(session, earning, earning.net - amount)


async def _return(session: Session, entries: Sequence[Earning], source: Account, returned: Cause) -> None:
    kept = await EarningHolds(session).among([entry.line_id for entry in entries])
    await _keep_held(session, [entry for entry in entries if entry.line_id in kept], source, returned)
    await make_available(session, [entry for entry in entries if entry.line_id not in kept], source, returned)


async def _keep_held(session: Session, entries: Sequence[Earning], source: Account, cause: Cause) -> None:
    if not entries:
        return
    for earning in entries:
        transition(earning, EarningStatus.HELD, TRANSITIONS)
        earning.payout_id = None
    await session.flush()
    pending = seller_pending(entries[0].practitioner_id, entries[0].currency)
    leg = Leg(source, pending, sum(entry.net for entry in entries))
    await post(session, derived_id(cause.id, "held"), cause.reason, [leg], cause.ref)


async def repay(session: Session, practitioner_id: UUID, currency: str, cause: Cause) -> int:
    """Repays debt from available money, oldest first; answers the debt that is left. The practitioner is locked."""
    debt = await debt_of(session, practitioner_id, currency)
    entries = await Earnings(session).of_payable(practitioner_id) if debt else []
    parts = take_oldest([earning.entry.payable for earning in entries], debt)
    for earning, part in zip(entries, parts, strict=True):
        earning.repaid += part
    await session.flush()
    leg = Leg(seller_available(practitioner_id, currency), seller_debt(practitioner_id, currency), sum(parts))
    await post(session, cause.id, cause.reason, [leg], cause.ref)
    return debt - sum(parts)


async def debt_of(session: Session, practitioner_id: UUID, currency: str) -> int:
    """What the practitioner owes, in minor units, from the ledger."""
    return -await balance_of(session, seller_debt(practitioner_id, currency))


async def make_available(session: Session, entries: Sequence[Earning], source: Account, cause: Cause) -> None:
    """An entry that becomes available repays debt before anything else, so available is never below zero (rule 11).

    Debt for the entry's own refund is repaid by reversing the entry, debt for others by `repaid`.
    """
    if not entries:
        return
    practitioner, currency = entries[0].practitioner_id, entries[0].currency
    debt, total = await debt_of(session, practitioner, currency), sum(entry.net for entry in entries)
    for earning in entries:
        transition(earning, EarningStatus.AVAILABLE, TRANSITIONS)
        earning.payout_id = None
    own = sum(_reverse_owed(earning, part) for earning, part in _own_debts(entries, debt))
    repaid = take_oldest([entry.net for entry in entries], debt - own)
    for earning, part in zip(entries, repaid, strict=True):
        earning.repaid = part
    await session.flush()
    available = seller_available(practitioner, currency)
    legs = [Leg(source, available, total), Leg(available, seller_debt(practitioner, currency), own + sum(repaid))]
    await post(session, cause.id, cause.reason, legs, cause.ref)


def _own_debts(entries: Sequence[Earning], debt: int) -> list[tuple[Earning, int]]:
    return list(zip(entries, take_oldest([entry.owed for entry in entries], debt), strict=True))


def _reverse_owed(earning: Earning, amount: int) -> int:
    """Reverses that much of the entry's own debt; answers the amount."""
    reverse_to(earning, settle_owed(earning.entry, amount))
    return amount


def reverse_to(earning: Earning, after: Entry) -> None:
    """Counts what is less in `after` as reversed, and moves on an entry of which nothing is left."""
    before = earning.entry
    earning.set_amounts(after)
    earning.reversed_net += before.net - after.net
    earning.reversed_commission += before.commission - after.commission
    if before.net + before.commission > 0 == after.net + after.commission:
        transition(earning, EarningStatus.REVERSED, TRANSITIONS)


async def reserve(
    session: Session, practitioner_id: UUID, payout_id: UUID, amount: Money, cause_id: UUID | None = None
) -> None:
    """Moves available money into a payout: entries oldest first, the last one split where it must.

    The practitioner is locked. `cause_id` names the posting where it is not the payout's first. Raises BalanceTooLow
    where there is less than that.
    """
    entries = await Earnings(session).of_payable(practitioner_id)
    shares = take_oldest([earning.entry.payable for earning in entries], amount.amount)
    for earning, taken in zip(entries, shares, strict=True):
        if taken:
            await _reserve_one(session, earning, taken, payout_id)
    await session.flush()
    currency = amount.currency
    leg = Leg(seller_available(practitioner_id, currency), seller_in_payout(practitioner_id, currency), amount.amount)
    await post(
        session, cause_id or derived_id(payout_id, "reserved"), "payout_reserved", [leg], {"payout_id": payout_id}
    )


async def _reserve_one(session: Session, earning: Earning, taken: int, payout_id: UUID) -> None:
    await split_off(session, earning, taken)
    transition(earning, EarningStatus.IN_PAYOUT, TRANSITIONS)
    earning.payout_id = payout_id


async def split_off(session: Session, earning: Earning, taken: int) -> Earning:
    """Leaves `taken` of the entry's net in it, none of which has repaid debt; answers the entry that the rest becomes.

    Where there is no rest, that is the entry itself.
    """
    if taken == earning.net:
        return earning
    part, rest = divide(earning.entry, taken)
    other = _rest_of(earning, rest, await Earnings(session).next_part(earning.line_id, earning.release))
    session.add(other)
    earning.set_amounts(part)
    await session.flush()
    return other


def _rest_of(earning: Earning, rest: Entry, part: int) -> Earning:
    return Earning(
        id=new_id(),
        order_id=earning.order_id,
        line_id=earning.line_id,
        release=earning.release,
        part=part,
        kind=earning.kind,
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
        payout_id=earning.payout_id,
        completed_at=earning.completed_at,
        available_at=earning.available_at,
        created_at=earning.created_at,
    )


async def settle_paid(session: Session, payout_id: UUID) -> None:
    """Marks what a payout took as paid; the practitioner is locked."""
    for earning in await Earnings(session).of_payout(payout_id):
        transition(earning, EarningStatus.PAID, TRANSITIONS)
    await session.flush()


def ref_of(earning: Earning) -> dict[str, UUID]:
    """What a posting about one earning refers to."""
    ref = {"order_id": earning.order_id, "line_id": earning.line_id, "earning_id": earning.id}
    return ref if earning.booking_id is None else ref | {"booking_id": earning.booking_id}
