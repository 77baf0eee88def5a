"""Payments' events about orders."""

from uuid import UUID

from services.booking.bookings.domain import Chargeback
from services.booking.bookings.repository import Bookings
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.steps import advance_paid, authorize, note_credits
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.payments import ChargebackEnded, ChargebackOpened, PaymentAuthorized, PaymentSucceeded


async def payment_succeeded(session: Session, event: PaymentSucceeded) -> None:
    """Confirms, takes the seats again after the deadline (rule 5), or refunds what was paid after the start.

    What a card did not pay was paid by credits.
    """
    purchase_id = _purchase_of(event)
    if purchase_id is None:
        return
    checkout = await Checkouts(session).get(purchase_id, lock=True)
    note_credits(checkout, checkout.head.total_amount - event.amount.amount)
    await advance_paid(session, checkout, event.paid_at)


async def payment_authorized(session: Session, event: PaymentAuthorized) -> None:
    """The client's card is there: the practitioner is asked for the request."""
    purchase_id = _purchase_of(event)
    if purchase_id is not None:
        await authorize(session, await Checkouts(session).get(purchase_id, lock=True), event.capture_before)


async def chargeback_opened(session: Session, event: ChargebackOpened) -> None:
    """The client's bank disputes the payment: what was bought shows that, and stays as it is."""
    purchase_id = _purchase_of(event)
    if purchase_id is not None:
        await Bookings(session).note_chargeback(purchase_id, Chargeback.OPEN)


async def chargeback_ended(session: Session, event: ChargebackEnded) -> None:
    """The bank has decided."""
    purchase_id = _purchase_of(event)
    if purchase_id is not None:
        outcome = None if event.outcome is None else Chargeback(event.outcome)
        await Bookings(session).note_chargeback(purchase_id, outcome)


def _purchase_of(event: PaymentSucceeded | PaymentAuthorized | ChargebackOpened | ChargebackEnded) -> UUID | None:
    """The purchase that the order was made for: of several or a pass, which its lines name, or of one booking.

    A purchase of several may have one line, as of a course's last session: then the order names that booking too.
    """
    subject_id = event.subject_id if event.kind in {"booking", "pass"} else None
    return subject_id or event.booking_id


CONSUMERS: Consumers = {
    PaymentSucceeded: payment_succeeded,
    PaymentAuthorized: payment_authorized,
    ChargebackOpened: chargeback_opened,
    ChargebackEnded: chargeback_ended,
}
