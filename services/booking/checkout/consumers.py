"""Payments' events about orders."""

from services.booking.checkout.repository import Checkouts
from services.booking.checkout.steps import advance_paid
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.payments import PaymentSucceeded


async def payment_succeeded(session: Session, event: PaymentSucceeded) -> None:
    """Confirms, takes the seat again after the deadline (rule 5), or refunds what was paid after the start.

    What a card did not pay was paid by credits.
    """
    if event.booking_id is None:
        return
    checkout = await Checkouts(session).get(event.booking_id, lock=True)
    booking = checkout.booking
    booking.credits_amount = booking.total_amount - event.amount.amount
    await advance_paid(session, checkout, event.paid_at)


CONSUMERS: Consumers = {PaymentSucceeded: payment_succeeded}
