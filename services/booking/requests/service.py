"""Accepting and declining. Accepting takes the seat under the constraint, commits, and then charges (rule 6, BK-4)."""

from uuid import UUID

from services.booking.bookings.domain import RUNNING, BookingStatus
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.schemas import BookingView
from services.booking.bookings.views import BookingViews
from services.booking.calendars.repository import ServicesWithHours
from services.booking.calendars.seats import seat_of, take_seat
from services.booking.checkout.models import Checkout
from services.booking.checkout.repository import Checkouts
from services.booking.checkout.saga import Event, State
from services.booking.checkout.service import capture
from services.booking.checkout.steps import advance, decline, expire, expire_overdue_within
from services.booking.holds.checks import check_client_limits
from services.booking.holds.repository import Holds
from services.booking.requests.errors import PaymentFailed
from services.booking.reschedules.service import decline_move, move_as_asked
from services.booking.runtime import BookingRuntime
from services.booking.sessions.errors import SlotTaken
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import Conflict
from shared.records.state import IllegalTransition


async def accept(runtime: BookingRuntime, caller: Caller, booking_id: UUID, once: IdempotentOperation) -> BookingView:
    """The request with its seat, charged, or moved where that was asked for; again changes nothing.

    A refusal that ends the request is committed first.

    Raises NotFound, IllegalTransition, SlotTaken (then it is declined), PaymentFailed (likewise), SessionLimitReached
    and ClientLimitReached; Unavailable where it is not known whether it was charged: it keeps its seat till it is.
    """
    async with runtime.db.read() as session:
        is_move = (await Bookings(session).get_of_practitioner(booking_id, caller)).requested_start_time is not None
    if is_move:
        return await _accept_move(runtime, caller, booking_id, once)
    async with runtime.db.transaction() as session:
        await once.start(session)
        refusal = await _accept(session, caller, booking_id)
    if refusal is not None:
        raise refusal
    await capture(runtime, booking_id)
    async with runtime.db.transaction() as session:
        booking = await Bookings(session).get_of_practitioner(booking_id, caller)
        if booking.status is BookingStatus.DECLINED:
            raise PaymentFailed
        view = await BookingViews(session, caller, runtime.settings.client_names).of(booking)
        await once.done(session, 200, view)
    return view


async def decline_request(session: Session, caller: Caller, booking_id: UUID, reason: str | None) -> Booking:
    """Ends the request, or leaves the booking where it is; again changes nothing.

    Raises NotFound, IllegalTransition for what is no open request.
    """
    checkout = await _locked(session, caller, booking_id)
    head = checkout.booking
    if head.requested_start_time is not None:
        return decline_move(session, head, "practitioner", reason)
    if head.status is BookingStatus.DECLINED:
        return head
    if checkout.state is not State.AUTHORIZED:
        raise _nothing_open(head)
    await decline(session, checkout, Event.DECLINED, "practitioner", reason)
    return head


async def _accept_move(
    runtime: BookingRuntime, caller: Caller, booking_id: UUID, once: IdempotentOperation
) -> BookingView:
    try:
        async with runtime.db.transaction() as session:
            await once.start(session)
            booking = await move_as_asked(session, caller, booking_id)
            view = await BookingViews(session, caller, runtime.settings.client_names).of(booking)
            await once.done(session, 200, view)
        return view
    except SlotTaken:
        async with runtime.db.transaction() as session:
            booking = await Bookings(session).get_of_practitioner(booking_id, caller, lock=True)
            if booking.requested_start_time is not None:
                decline_move(session, booking, "slot_taken")
        raise


async def _locked(session: Session, caller: Caller, booking_id: UUID) -> Checkout:
    booking = await Bookings(session).get_of_practitioner(booking_id, caller)
    return await Checkouts(session).get(booking.purchase_id or booking.id, lock=True)


async def _accept(session: Session, caller: Caller, booking_id: UUID) -> Conflict | None:
    """Takes the seat. Answers the refusal with which it ended the request, to be raised after the commit."""
    checkout = await _locked(session, caller, booking_id)
    head = checkout.booking
    if checkout.state is State.CAPTURING or (head.is_request and head.status in RUNNING):
        return None
    if checkout.state is not State.AUTHORIZED:
        raise _nothing_open(head)
    if await expire(session, checkout):
        return _nothing_open(head)
    head.session_id = await _take_seat(session, head)
    if head.session_id is None:
        await decline(session, checkout, Event.DECLINED, "slot_taken")
        return SlotTaken("This time is taken by now, so that the request is declined.")
    await advance(session, checkout, Event.ACCEPTED)
    return None


async def _take_seat(session: Session, booking: Booking) -> UUID | None:
    bookable = await ServicesWithHours(session).find(booking.service_id, lock=True)
    if bookable is None or not bookable.may_sell or booking.start_time <= session.now():
        return None
    if bookable.has_overdue_holds:
        await expire_overdue_within(session, booking.practitioner_id)
    await Holds(session).lock(booking.client_id, booking.service_id)
    await check_client_limits(session, booking.client_id, bookable, [booking.start_time])
    return await take_seat(
        session, seat_of(bookable, booking.start_time, booking.end_time, booking.location_id), booking.id
    )


def _nothing_open(booking: Booking) -> IllegalTransition:
    return IllegalTransition(f"There is no open request: this booking is {booking.status.value}.")
