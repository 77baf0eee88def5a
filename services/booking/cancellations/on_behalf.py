"""Cancelling in place of a client or a practitioner. `finish_cancellations` makes the refunds."""

from uuid import UUID

from services.booking.bookings.domain import BookingStatus, Party
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.cancellations.service import lock_parts, record
from services.booking.cancellations.shares import UNPAID
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import Event
from services.booking.checkout.steps import advance
from shared.database.session import Session
from shared.records.ids import derived_id


async def cancel_for(
    session: Session, by: Party, booking_id: UUID, reason: str | None, *, only_held: bool = False
) -> None:
    """Cancels a pending or confirmed booking in place of its client or practitioner; again changes nothing.

    `finish_cancellations` refunds. With `only_held` a confirmed one stays. Raises AlreadyStarted, IllegalTransition.
    """
    await lock_parts(session, await Bookings(session).get(booking_id))
    booking = await Bookings(session).get(booking_id, lock=True)
    stays = only_held and booking.status not in UNPAID
    if stays or booking.status is BookingStatus.CANCELLED:
        return
    await _cancel(session, booking, by, reason)


async def cancel_with_session(session: Session, booking: Booking, reason: str | None) -> None:
    """Cancels a locked booking of a session that its practitioner has cancelled; an unpaid one with its whole purchase.

    One that expired is about to have its seat again, for a late payment: that goes back instead.
    """
    if booking.session_id is None:  # it went with another seat of its purchase
        return
    purchase_id = booking.purchase_id or booking.id
    if booking.status is BookingStatus.EXPIRED:
        await advance(session, await Checkouts(session).get(purchase_id, lock=True), Event.SLOT_GONE)
    elif booking.status is BookingStatus.PENDING_PAYMENT:
        await cancel_for(session, Party.PRACTITIONER, purchase_id, reason)
    else:
        await _cancel(session, booking, Party.PRACTITIONER, reason)


async def _cancel(session: Session, booking: Booking, by: Party, reason: str | None) -> None:
    cancellation = await record(session, booking, by, reason, derived_id(booking.id, "left_behind"))
    cancellation.start_over()
