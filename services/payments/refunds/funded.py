"""What the platform pays of a price goes back to it when all of a purchase is given back."""

from services.payments.ledger.domain import Leg, order_escrow, promotion_costs
from services.payments.ledger.service import post
from services.payments.memberships import service as memberships
from services.payments.orders.models import Order, Taken
from services.payments.orders.repository import OrderLines
from services.payments.payouts.recovery import recover_refund
from services.payments.settings import PaymentsSettings
from shared.database.session import Session
from shared.internal.payments import RefundRequest


async def give_back(session: Session, settings: PaymentsSettings, order: Order, wanted: RefundRequest) -> None:
    """A cancellation that gives back all of the price: the client has their session again, and the practitioner earns
    nothing. Less than all gives nothing back. Once; the order is locked."""
    if _asked(order, wanted) < order.price or not await memberships.give_back(session, order.id):
        return
    taken = [Taken(line, line.funded) for line in await OrderLines(session).of_order(order.id)]
    for line, amount in taken:
        line.unfunded = amount
    await session.flush()
    leg = Leg(order_escrow(order.currency), promotion_costs(order.currency), order.discount)
    ref = {"order_id": order.id, "refund_id": wanted.refund_id}
    await post(session, wanted.refund_id, "promotion_returned", [leg], ref)
    await recover_refund(session, order, taken, wanted.refund_id, settings.payout_minimum)


def _asked(order: Order, wanted: RefundRequest) -> int:
    if wanted.lines is not None:
        return sum(line.amount.amount for line in wanted.lines)
    return order.price if wanted.amount is None else wanted.amount.amount
