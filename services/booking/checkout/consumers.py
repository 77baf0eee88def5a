"""Payments' news about orders."""

from services.booking.bookings.repository import Bookings
from services.booking.checkout.steps import advance_paid
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.payments import PaymentSucceeded


async def payment_succeeded(session: Session, event: PaymentSucceeded) -> None:
    """Confirms, takes the late road of rule 5, or gives back what was paid after the start.

    What a card did not pay was paid by credits.
    """
    if event.booking_id is None:
        return
    booking = await Bookings(session).get(event.booking_id, lock=True)
    booking.credits_amount = booking.total_amount - event.amount.amount
    await advance_paid(session, booking, event.paid_at)


CONSUMERS: Consumers = {PaymentSucceeded: payment_succeeded}
