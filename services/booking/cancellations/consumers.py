"""Payments' events about refunds."""

from services.booking.cancellations.refunds import note_refund, note_refund_failed, note_refund_of_several
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.payments import OrderRefunded, OrderRefundFailed
from shared.internal.payments import RefundSplit


async def order_refunded(session: Session, event: OrderRefunded) -> None:
    """Remembers what went back, so that no later cancellation promises it again."""
    split = RefundSplit(card=event.card, credits=event.credits)
    if event.booking_id is not None:
        await note_refund(session, event.refund_id, event.booking_id, split)
    elif event.kind in {"booking", "pass"} and event.subject_id is not None and event.lines:
        lines = {line.line_id: line.amount.amount for line in event.lines}
        await note_refund_of_several(session, event.refund_id, event.subject_id, split, lines)


async def order_refund_failed(session: Session, event: OrderRefundFailed) -> None:
    """The card's part came back from the client's bank: it is owed again, so a later cancellation asks for it too."""
    await note_refund_failed(session, event.refund_id, event.booking_id, event.card.currency)


CONSUMERS: Consumers = {OrderRefunded: order_refunded, OrderRefundFailed: order_refund_failed}
