"""Booking a seat: hold it, open the order at payments, hand out what the client needs to pay (rules 3, 4, 5).

Two transactions with one call between them. Whatever dies in between is finished by a repeat with the same key, by
`jobs.settle_checkouts`, or by the deadline.
"""

from datetime import timedelta
from uuid import UUID

from services.booking.bookings.domain import BookingStatus, Delivery
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.bookings.schemas import BookingView
from services.booking.bookings.service import check_start, seat_of
from services.booking.checkout.holds import expire_overdue
from services.booking.checkout.limits import check_limits
from services.booking.checkout.models import Checkout
from services.booking.checkout.saga import Event, State
from services.booking.checkout.schemas import BookBody
from services.booking.checkout.steps import advance, advance_paid, note_order
from services.booking.errors import HoldExpired, InsufficientCredits, OwnService, PriceChanged, SlotTaken
from services.booking.offerings.repository import ServiceWithHours
from services.booking.offerings.service import open_offer
from services.booking.peers import Order, open_order, order_id_of
from services.booking.reservations.repository import Reservations
from services.booking.runtime import BookingRuntime
from services.booking.settings import BookingSettings
from shared.auth.verification import Who
from shared.database.idempotency import Operation
from shared.database.session import Session
from shared.errors import AppError, Unavailable
from shared.records.clock import machine_now
from shared.records.money import check_amount, check_currency

REQUEST_LEASE = timedelta(seconds=5)  # for so long no job asks payments what the request is asking


async def book(runtime: BookingRuntime, who: Who, wanted: BookBody, once: Operation) -> BookingView:
    """A pending booking with its payment, or a confirmed one where nothing is due.

    Raises SlotTaken, PriceChanged, TooManyHolds, StartNotOffered, OwnService, InsufficientCredits; Unavailable when
    payments' answer is unknown: then the booking goes on by itself, and a repeat with the same key finds it.
    """
    booking = await _earlier_try(runtime, once) or await _hold(runtime, who, wanted, once)
    try:
        order = await open_order(runtime.peers, booking, booking.checkout.credits_asked, booking.expires_at)
    except Unavailable:
        raise
    except AppError:
        await give_back(runtime, booking.id)
        raise
    async with runtime.db.transaction() as session:
        booking = await record_order(session, booking.id, order)
        if booking.status is BookingStatus.EXPIRED:
            raise HoldExpired
        view = BookingView.seen_by(who.user_id, booking)
        await once.done(session, 201, view)
    return view


async def record_order(session: Session, booking_id: UUID, order: Order) -> Booking:
    """Takes payments' answer into the saga."""
    booking = await Bookings(session).get(booking_id, lock=True)
    note_order(booking, order)
    if order.is_paid:
        await advance_paid(session, booking, order.paid_at)
    elif order.status == "open":
        await advance(session, booking, Event.ORDERED)
    return booking


async def give_back(runtime: BookingRuntime, booking_id: UUID) -> None:
    """Payments refused the order: the hold never became a booking, and leaves nothing behind."""
    async with runtime.db.transaction() as session:
        booking = await Bookings(session).find(booking_id, lock=True)
        if booking is not None and booking.checkout.state is State.ORDERING:
            await Reservations(session).release(booking)
            await session.delete(booking)


async def _earlier_try(runtime: BookingRuntime, once: Operation) -> Booking | None:
    if not once.resumed:
        return None
    async with runtime.db.read() as session:
        return await Bookings(session).find(once.id)


async def _hold(runtime: BookingRuntime, who: Who, wanted: BookBody, once: Operation) -> Booking:
    offer = await open_offer(runtime, wanted.service_id)
    _check(runtime, who, offer, wanted)
    if offer.has_overdue_holds:
        await expire_overdue(runtime.db, offer.offering.practitioner_id)
    async with runtime.db.transaction() as session:
        await once.start(session)
        await check_limits(session, runtime.settings, who.user_id, offer.offering)
        booking = _new_booking(session, runtime.settings, who, offer, wanted, once.id)
        seat = seat_of(offer, booking.start_time, booking.end_time)
        booking.reservation_id = await Reservations(session).take(seat, booking.id)
        if booking.reservation_id is None:
            raise SlotTaken
        await Bookings(session).add(booking)
    return booking


def _check(runtime: BookingRuntime, who: Who, offer: ServiceWithHours, wanted: BookBody) -> None:
    offering = offer.offering
    if offering.practitioner_user_id == who.user_id:
        raise OwnService(field="service_id")
    if wanted.expected_price is not None:
        check_currency(wanted.expected_price, runtime.settings.currency, "expected_price")
        if wanted.expected_price != offering.price:
            raise PriceChanged(offering.price)
    if wanted.credits is not None and wanted.credits != "max":
        check_amount(wanted.credits, runtime.settings.currency, "credits")
        if wanted.credits.amount > offering.price_amount:
            raise InsufficientCredits(field="credits")
    check_start(offer, wanted.start_time, runtime.clock.now())


def _new_booking(
    session: Session, settings: BookingSettings, who: Who, offer: ServiceWithHours, wanted: BookBody, booking_id: UUID
) -> Booking:
    offering, now = offer.offering, session.now()
    credits = wanted.credits if wanted.credits in {None, "max"} else wanted.model_dump(mode="json")["credits"]
    return Booking(
        id=booking_id,
        status=BookingStatus.PENDING_PAYMENT,
        service_id=offering.service_id,
        service_title=offering.title,
        practitioner_id=offering.practitioner_id,
        practitioner_user_id=offering.practitioner_user_id,
        client_id=who.user_id,
        order_id=order_id_of(booking_id),
        start_time=wanted.start_time,
        end_time=wanted.start_time + offering.rules.duration,
        timezone=offer.hours.timezone,
        delivery=Delivery(offering.delivery),
        total_amount=offering.price_amount,
        credits_amount=0,
        currency=offering.currency,
        policy=settings.cancel_policy.stored(),
        reschedule_hours=settings.reschedule_hours,
        start_version=1,
        notes=wanted.notes,
        expires_at=min(now + settings.hold, wanted.start_time),
        created_at=now,
        checkout=Checkout(
            state=State.ORDERING, credits_asked=credits, attempts=0, attempt_at=machine_now() + REQUEST_LEASE
        ),
    )
