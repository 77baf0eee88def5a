"""Payments' events about orders."""

from services.booking.bookings.domain import Chargeback
from services.booking.bookings.repository import Bookings
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.steps import advance_paid
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.payments import ChargebackEnded, ChargebackOpened, PaymentSucceeded


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


async def chargeback_opened(session: Session, event: ChargebackOpened) -> None:
    """The client's bank disputes the payment: the booking shows that, and stays as it is."""
    if event.booking_id is not None:
        await Bookings(session).note_chargeback(event.booking_id, Chargeback.OPEN)


async def chargeback_ended(session: Session, event: ChargebackEnded) -> None:
    """The bank has decided."""
    if event.booking_id is not None:
        outcome = None if event.outcome is None else Chargeback(event.outcome)
        await Bookings(session).note_chargeback(event.booking_id, outcome)


CONSUMERS: Consumers = {
    PaymentSucceeded: payment_succeeded,
    ChargebackOpened: chargeback_opened,
    ChargebackEnded: chargeback_ended,
}
