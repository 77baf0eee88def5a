"""What the saga's moves do in this schema. The caller has the locks of booking and checkout."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.bookings.domain import CAPTURE_MARGIN, TRANSITIONS, BookingStatus
from services.booking.bookings.events import snapshot_of
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.calendars.repository import ServicesWithHours
from services.booking.calendars.seats import seat_of, take_seat
from services.booking.checkout.metrics import IMPOSSIBLE_EVENTS
from services.booking.checkout.models import Checkout
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import COMMANDS, Event, State, Step, is_ignored, move_on
from services.booking.holds.seats import release_seat
from services.booking.passes.events import publish
from services.booking.passes.models import Pass
from services.booking.passes.service import activate, use_session, void
from services.booking.sessions.errors import SessionLimitReached
from shared.database.session import Session
from shared.events.booking import (
    BookingConfirmed,
    BookingDeclined,
    BookingExpired,
    BookingRequested,
    DeclineCause,
)
from shared.internal.payments import OpenedOrder
from shared.messaging.outbox import emit
from shared.observability.logs import logger
from shared.records.currencies import step
from shared.records.money import split
from shared.records.state import transition

log = logger()
TIME_TO_PAY_ACCEPTED = timedelta(hours=24)
"""Until a request that is accepted is lost again, whose saved card was refused."""


async def advance(session: Session, checkout: Checkout, event: Event) -> None:
    """Makes the move of the saga's table, if it has one for this event, with its step.

    An event that is impossible in the present state is logged and counted, and changes nothing.
    """
    move = move_on(checkout.state, event)
    if move is None:
        _note_no_move(checkout, event)
        return
    log.info("checkout.moved", purchase=str(checkout.id), on=event.value, to=move.to.value)
    checkout.state = move.to
    checkout.start_over()
    if checkout.state in COMMANDS:
        session.wake_jobs_after_commit("settle_checkouts")
    await STEPS[move.step](session, checkout)


async def advance_paid(session: Session, checkout: Checkout, paid_at: datetime | None) -> None:
    """Payments has everything that was due since `paid_at` (None: since now).

    From the start on that is too late, and before a request was accepted it is for nothing: it goes back.
    """
    at = paid_at or session.now()
    in_vain = any(booking.is_unaccepted or at >= booking.start_time for booking in checkout.bookings[-1:])
    await advance(session, checkout, Event.PAID_IN_VAIN if in_vain else Event.PAID)


async def authorize(session: Session, checkout: Checkout, capture_before: datetime | None) -> None:
    """A card is there for the order of a request, which cannot be charged from `capture_before` on (None: no end)."""
    head = checkout.booking
    if capture_before is not None and head.decide_by is not None and checkout.state in {State.ORDERING, State.DEFERRED}:
        head.decide_by = min(head.decide_by, capture_before - CAPTURE_MARGIN)
    await advance(session, checkout, Event.AUTHORIZED)


async def decline(
    session: Session, checkout: Checkout, event: Event, cause: DeclineCause, reason: str | None = None
) -> None:
    """Ends a request on that event, if it is one still; `reason` is what the practitioner wrote."""
    before = checkout.booking.status
    await advance(session, checkout, event)
    if before is not checkout.booking.status is BookingStatus.DECLINED:
        emit(session, BookingDeclined(booking=snapshot_of(checkout.booking), cause=cause, reason=reason))


async def expire(session: Session, checkout: Checkout) -> bool:
    """Expires a purchase that still waits for its payment, or its practitioner, past its deadline.

    Its order is closed after that.
    """
    head = checkout.head
    if not head.is_pending or head.held_until > session.now():
        return False
    await advance(session, checkout, Event.DEADLINE)
    return True


async def expire_overdue_within(session: Session, practitioner_id: UUID) -> None:
    """Frees a practitioner's time in this transaction, which has other bookings locked.

    So it waits for no lock: a hold that another transaction is changing just now stays as it is.
    """
    for due in await Bookings(session).overdue_holds(session.now(), None, practitioner_id):
        checkout = await Checkouts(session).find(due.id, lock=True, skip_locked=True)
        if checkout is not None:
            await expire(session, checkout)
    await session.flush()  # a later query of this transaction would read the rows as they were


def note_order(checkout: Checkout, order: OpenedOrder) -> None:
    """Keeps what payments says about the order; it says the same however often it is asked."""
    head = checkout.head
    note_credits(checkout, order.credits_applied.amount)
    head.client_secret = order.client_secret or head.client_secret
    head.publishable_key = order.publishable_key or head.publishable_key


def note_credits(checkout: Checkout, credits: int) -> None:
    """What the client's credits pay of the purchase, and of each of its seats: largest remainder."""
    checkout.head.credits_amount = credits
    if checkout.sold_pass is not None:
        return
    seats = checkout.seats
    parts = split(credits, [seat.total_amount for seat in seats], step(checkout.head.currency))
    for seat, part in zip(seats, parts, strict=True):
        seat.credits_amount = part


def pay_by_pass(session: Session, checkout: Checkout, sold: Pass) -> None:
    """One session of the pass, which is locked, pays each seat: the seat costs nothing, and is worth what that is."""
    used = [use_session(sold, seat.service_id, seat.start_time, seat.id) for seat in checkout.seats]
    for seat, each in zip(checkout.seats, used, strict=True):
        seat.pass_session_id, seat.line_id = each.id, each.line_id
        seat.total_amount, seat.value_amount = 0, each.value_amount
    for booking in checkout.bookings:
        booking.pass_id, booking.order_id = sold.id, None
    if checkout.booking.is_parent:
        checkout.booking.total_amount = 0
        checkout.booking.value_amount = sum(each.value_amount for each in used)
    publish(session, sold, "changed", used)


def _note_no_move(checkout: Checkout, event: Event) -> None:
    if is_ignored(checkout.state, event):
        return
    IMPOSSIBLE_EVENTS.labels(checkout.state.value, event.value).inc()
    log.error("checkout.impossible", purchase=str(checkout.id), state=checkout.state.value, on=event.value)


async def _nothing(session: Session, checkout: Checkout) -> None:
    return


async def _confirm(session: Session, checkout: Checkout) -> None:
    for booking in checkout.bookings:
        transition(booking, BookingStatus.CONFIRMED, TRANSITIONS)
        emit(session, BookingConfirmed(booking=snapshot_of(booking), line_id=booking.line_id))
    if checkout.sold_pass is not None:
        activate(session, checkout.sold_pass)


async def _expire(session: Session, checkout: Checkout) -> None:
    for booking in checkout.bookings:
        transition(booking, BookingStatus.EXPIRED, TRANSITIONS)
    if checkout.sold_pass is not None:
        void(session, checkout.sold_pass)
    await _release_seats(session, checkout)


async def _cancel(session: Session, checkout: Checkout) -> None:
    for booking in checkout.bookings:
        transition(booking, BookingStatus.CANCELLED, TRANSITIONS)
        booking.cancelled_at = session.now()
    if checkout.sold_pass is not None:
        void(session, checkout.sold_pass)
    await _release_seats(session, checkout)


async def _request(session: Session, checkout: Checkout) -> None:
    transition(checkout.booking, BookingStatus.REQUESTED, TRANSITIONS)
    emit(session, BookingRequested(booking=snapshot_of(checkout.booking)))


async def _accept(session: Session, checkout: Checkout) -> None:
    """Its seat is taken. If the saved card is refused, the client has a day to pay, at most until the start."""
    head = checkout.booking
    head.decide_by = None
    head.expires_at = min(session.now() + TIME_TO_PAY_ACCEPTED, head.start_time)


async def _decline(session: Session, checkout: Checkout) -> None:
    transition(checkout.booking, BookingStatus.DECLINED, TRANSITIONS)
    await _release_seats(session, checkout)


async def _wait_for_card(session: Session, checkout: Checkout) -> None:
    transition(checkout.booking, BookingStatus.PENDING_PAYMENT, TRANSITIONS)


async def _take_seats(session: Session, checkout: Checkout) -> None:
    """Rule 5: paid after the deadline. All seats are taken again or none.

    A session that is over, or may be sold no more, is as gone as a taken slot.
    """
    for booking in checkout.seats:
        if not await _take_seat(session, booking):
            await advance(session, checkout, Event.SLOT_GONE)
            return


async def _take_seat(session: Session, booking: Booking) -> bool:
    bookable = await ServicesWithHours(session).find(booking.service_id, lock=True)
    if bookable is None or not bookable.may_sell or booking.end_time <= session.now():
        return False
    if bookable.has_overdue_holds:
        await expire_overdue_within(session, booking.practitioner_id)
    seat = seat_of(bookable, booking.start_time, booking.end_time, booking.location_id)
    with suppress(SessionLimitReached):
        booking.session_id = await take_seat(session, seat, booking.id)
    return booking.session_id is not None


async def _release_seats(session: Session, checkout: Checkout) -> None:
    for booking in checkout.seats:
        await release_seat(session, booking)


async def _publish_expired(session: Session, checkout: Checkout) -> None:
    for booking in checkout.bookings:
        emit(session, BookingExpired(booking=snapshot_of(booking)))


async def _publish_refunded(session: Session, checkout: Checkout) -> None:
    """Of what was cancelled `BookingCancelled` was the last event."""
    for booking in checkout.bookings:
        if booking.status is BookingStatus.EXPIRED:
            emit(session, BookingExpired(booking=snapshot_of(booking), refunded=True))


STEPS: dict[Step, Callable[[Session, Checkout], Awaitable[None]]] = {
    Step.NOTHING: _nothing,
    Step.CONFIRM: _confirm,
    Step.EXPIRE: _expire,
    Step.CANCEL: _cancel,
    Step.REQUEST: _request,
    Step.ACCEPT: _accept,
    Step.DECLINE: _decline,
    Step.WAIT_FOR_CARD: _wait_for_card,
    Step.TAKE_SEATS: _take_seats,
    Step.RELEASE_SEATS: _release_seats,
    Step.PUBLISH_EXPIRED: _publish_expired,
    Step.PUBLISH_REFUNDED: _publish_refunded,
}
