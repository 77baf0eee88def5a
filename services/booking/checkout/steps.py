"""What the saga's moves do in this schema. The caller holds the booking's lock."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from services.booking.bookings.domain import TRANSITIONS, BookingStatus
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.checkout.saga import COMMANDS, TABLE, Event, Step
from services.booking.offerings.repository import Offerings
from services.booking.peers import Order
from services.booking.reservations.repository import Reservations, Seat
from shared.database.session import Session
from shared.events.booking import BookingConfirmed, BookingExpired
from shared.messaging.outbox import emit
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.state import transition

log = logger()


async def advance(session: Session, booking: Booking, event: Event) -> None:
    """Moves the booking's checkout by one cell of the saga's table, and does that cell's step."""
    checkout = booking.checkout
    before = checkout.state
    checkout.state, step = TABLE[before][event]
    if checkout.state is not before:
        log.info("checkout.moved", booking=str(booking.id), on=event.value, to=checkout.state.value)
        checkout.attempts, checkout.attempt_at = 0, machine_now()
        if checkout.state in COMMANDS:
            session.wake_jobs_after_commit("settle_checkouts")
    await STEPS[step](session, booking)


async def advance_paid(session: Session, booking: Booking, paid_at: datetime | None) -> None:
    """Payments has everything that was due since `paid_at` (None: since now); from the start on that is too late."""
    late = (paid_at or session.now()) >= booking.start_time
    await advance(session, booking, Event.PAID_AFTER_START if late else Event.PAID)


async def expire(session: Session, booking: Booking) -> bool:
    """Expires a locked booking if it still waits for its payment past its deadline; its order is closed after that."""
    if booking.status is not BookingStatus.PENDING_PAYMENT or booking.expires_at > session.now():
        return False
    await advance(session, booking, Event.DEADLINE)
    return True


async def expire_overdue_within(session: Session, practitioner_id: UUID) -> None:
    """Frees a practitioner's time in this transaction, which has other bookings locked.

    So it waits for no lock: a hold that somebody is changing just now stays as it is.
    """
    for due in await Bookings(session).overdue_holds(session.now(), None, practitioner_id):
        booking = await Bookings(session).find(due.id, lock=True, skip_locked=True)
        if booking is not None:
            await expire(session, booking)
    await session.flush()  # a later query of this transaction would read the rows as they were


def note_order(booking: Booking, order: Order) -> None:
    """Keeps what payments said about the order; it says the same however often it is asked."""
    booking.credits_amount = order.credits_applied.amount
    booking.checkout.client_secret = order.client_secret or booking.checkout.client_secret
    booking.checkout.publishable_key = order.publishable_key or booking.checkout.publishable_key


async def _nothing(session: Session, booking: Booking) -> None:
    return


async def _confirm(session: Session, booking: Booking) -> None:
    transition(booking, BookingStatus.CONFIRMED, TRANSITIONS)
    emit(session, BookingConfirmed(booking=snapshot_of(booking)))


async def _expire(session: Session, booking: Booking) -> None:
    transition(booking, BookingStatus.EXPIRED, TRANSITIONS)
    await Reservations(session).release(booking)


async def _cancel(session: Session, booking: Booking) -> None:
    transition(booking, BookingStatus.CANCELLED, TRANSITIONS)
    booking.cancelled_at = session.now()
    await Reservations(session).release(booking)


async def _take_seat(session: Session, booking: Booking) -> None:
    """Rule 5: paid after the deadline. A session that is over, or whose seller is gone, is as gone as a taken slot."""
    offer = await Offerings(session).find(booking.service_id)
    if offer is not None and offer.may_sell and booking.end_time > session.now():
        if offer.has_overdue_holds:
            await expire_overdue_within(session, booking.practitioner_id)
        seat = Seat(
            booking.practitioner_id, booking.service_id, booking.start_time, booking.end_time, offer.offering.rules
        )
        booking.reservation_id = await Reservations(session).take(seat, booking.id)
    if booking.reservation_id is None:
        await advance(session, booking, Event.SLOT_GONE)


async def _release_seat(session: Session, booking: Booking) -> None:
    await Reservations(session).release(booking)


async def _tell_expired(session: Session, booking: Booking) -> None:
    emit(session, BookingExpired(booking=snapshot_of(booking)))


async def _tell_refunded(session: Session, booking: Booking) -> None:
    """A cancelled booking has had its last word already."""
    if booking.status is BookingStatus.EXPIRED:
        emit(session, BookingExpired(booking=snapshot_of(booking), refunded=True))


STEPS: dict[Step, Callable[[Session, Booking], Awaitable[None]]] = {
    Step.NOTHING: _nothing,
    Step.CONFIRM: _confirm,
    Step.EXPIRE: _expire,
    Step.CANCEL: _cancel,
    Step.TAKE_SEAT: _take_seat,
    Step.RELEASE_SEAT: _release_seat,
    Step.PUBLISH_EXPIRED: _tell_expired,
    Step.PUBLISH_REFUNDED: _tell_refunded,
}
