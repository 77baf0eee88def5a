"""Entries that must not be paid out while a cause stands: a row per entry and cause. Their practitioners are locked."""

from collections import Counter
from collections.abc import Sequence
from itertools import groupby
from uuid import UUID

from services.payments.earnings.available import Cause, make_available, split_off
from services.payments.earnings.domain import TRANSITIONS, EarningStatus, HoldCause
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import Earnings, Holds
from services.payments.ledger.domain import Leg, seller_available, seller_pending
from services.payments.ledger.service import post
from shared.database.session import Session
from shared.events.payments import EarningAvailable
from shared.messaging.outbox import emit
from shared.records.ids import derived_id
from shared.records.money import Money
from shared.records.state import transition


async def add_cause(session: Session, order_id: UUID, cause: HoldCause) -> list[Earning]:
    """Adds the cause to all entries of the order, those that are gone too: they may come back. Answers them."""
    parts = await Earnings(session).of_order(order_id)
    await Holds(session).add([part.id for part in parts], cause)
    return parts


async def hold(session: Session, parts: Sequence[Earning], turn: UUID) -> None:
    """Takes what is pending or available of one order's entries into `held`; what has repaid debt stays repaid."""
    moved = Counter[UUID]()
    for part in parts:
        if part.status is EarningStatus.AVAILABLE and part.entry.payable:
            await split_off(session, part, part.entry.payable)
            moved[part.practitioner_id] += part.net
            transition(part, EarningStatus.HELD, TRANSITIONS)
        elif part.status is EarningStatus.PENDING:
            transition(part, EarningStatus.HELD, TRANSITIONS)
    await session.flush()
    for practitioner, amount in moved.items():
        currency = parts[0].currency
        leg = Leg(seller_available(practitioner, currency), seller_pending(practitioner, currency), amount)
        posting = derived_id(turn, "held", str(practitioner))
        await post(session, posting, "earning_held", [leg], {"order_id": parts[0].order_id})


async def release(session: Session, order_id: UUID, cause: HoldCause, turn: UUID) -> None:
    """Removes the cause from the order's entries; those without another one go on, due ones debt first."""
    parts = await Earnings(session).of_order(order_id)
    await Holds(session).remove([part.id for part in parts], cause)
    still = await Holds(session).among([part.id for part in parts])
    free = [part for part in parts if part.status is EarningStatus.HELD and part.id not in still]
    due = [part for part in free if part.available_at is not None and part.available_at <= session.now()]
    for part in free:
        if part not in due:
            transition(part, EarningStatus.PENDING, TRANSITIONS)
    for practitioner_id, own in groupby(due, lambda part: part.practitioner_id):
        await _release(session, list(own), derived_id(turn, "let go", str(practitioner_id)))


async def _release(session: Session, due: Sequence[Earning], posting: UUID) -> None:
    source = seller_pending(due[0].practitioner_id, due[0].currency)
    await make_available(session, due, source, Cause(posting, "earning_let_go", {"order_id": due[0].order_id}))
    for part in due:
        net = Money(part.net, part.currency)
        emit(session, EarningAvailable(earning_id=part.id, practitioner_id=part.practitioner_id, net=net))
