"""What a hold does to what a line earned: all its parts wait together. The practitioner is locked."""

from uuid import UUID

from services.payments.earnings.available import Cause, make_available, split_off
from services.payments.earnings.domain import TRANSITIONS, EarningStatus
from services.payments.earnings.models import Earning
from services.payments.earnings.repository import Earnings
from services.payments.ledger.domain import Leg, seller_available, seller_pending
from services.payments.ledger.service import post
from shared.database.session import Session
from shared.events.payments import EarningAvailable
from shared.messaging.outbox import emit
from shared.records.ids import derived_id
from shared.records.money import Money
from shared.records.state import transition


async def hold(session: Session, line_id: UUID, hold_id: UUID) -> None:
    """Takes what is pending or available of it into `held`; what has repaid debt stays repaid."""
    parts = await Earnings(session).of_lines([line_id])
    payable = [part for part in parts if part.entry.payable]
    for part in payable:
        await split_off(session, part, part.entry.payable)
    for part in parts:
        if part.status is EarningStatus.PENDING or part in payable:
            transition(part, EarningStatus.HELD, TRANSITIONS)
    await session.flush()
    if payable:
        practitioner, currency = payable[0].practitioner_id, payable[0].currency
        amount = sum(part.net for part in payable)
        leg = Leg(seller_available(practitioner, currency), seller_pending(practitioner, currency), amount)
        await post(session, derived_id(hold_id, "held"), "earning_held", [leg], _ref(payable[0]))


async def let_go(session: Session, line_id: UUID, hold_id: UUID) -> None:
    """What was held of it goes on, now that nothing holds it: what is due is available, debt first."""
    parts = [part for part in await Earnings(session).of_lines([line_id]) if part.status is EarningStatus.HELD]
    due = [part for part in parts if part.available_at is not None and part.available_at <= session.now()]
    for part in parts:
        if part not in due:
            transition(part, EarningStatus.PENDING, TRANSITIONS)
    if due:
        source = seller_pending(due[0].practitioner_id, due[0].currency)
        await make_available(session, due, source, Cause(derived_id(hold_id, "let go"), "earning_let_go", _ref(due[0])))
    for part in due:
        net = Money(part.net, part.currency)
        emit(session, EarningAvailable(earning_id=part.id, practitioner_id=part.practitioner_id, net=net))


def _ref(earning: Earning) -> dict[str, UUID]:
    return {"order_id": earning.order_id, "line_id": earning.line_id}
