"""Payments' news about refunds."""

from services.booking.cancellations.service import note_refund
from services.booking.peers import RefundSplit
from shared.db import Session
from shared.events.base import Consumers
from shared.events.payments import OrderRefunded


async def order_refunded(session: Session, event: OrderRefunded) -> None:
    """Remembers what went back, so that no later cancellation promises it again."""
    if event.booking_id is not None:
        split = RefundSplit(card=event.card, credits=event.credits)
        await note_refund(session, event.refund_id, event.booking_id, split)


CONSUMERS: Consumers = {OrderRefunded: order_refunded}
