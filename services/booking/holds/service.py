"""Holding a seat: the booking that waits for its payment, and how many of them one client may have."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.booking.bookings.domain import (
    BookingKind,
    BookingStatus,
    CancelPolicy,
    Delivery,
    new_check_in_code,
)
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.calendars.repository import Dates, ServiceWithHours
from services.booking.calendars.seats import seat_of
from services.booking.fee_terms.service import agree
from services.booking.holds.checks import check_client_limits, check_limits, check_price
from services.booking.holds.plans import Plan, plan_of, plan_of_course
from services.booking.holds.repository import Holds
from services.booking.holds.requested import REQUEST, ask_for
from services.booking.holds.schemas import BookBody
from services.booking.holds.taking import Taking
from services.booking.peers import line_id_of, order_id_of
from services.booking.service_copies.models import BookableService
from services.booking.sessions.domain import room_of_booking
from services.booking.sessions.repository import Sessions
from services.booking.settings import BookingSettings
from services.booking.waitlist_entries.domain import TRANSITIONS, EntryStatus
from services.booking.waitlist_entries.models import WaitlistEntry
from services.booking.waitlist_entries.repository import Entries
from shared.database.repository import found
from shared.database.session import Session
from shared.records.state import transition

EVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)


async def hold(
    session: Session,
    settings: BookingSettings,
    client_id: UUID,
    bookable: ServiceWithHours,
    wanted: BookBody,
    purchase_id: UUID,
) -> list[Booking]:
    """Takes the seats and stores their pending bookings, in order of time, after them the parent of several.

    All seats or none, except those that the client allows to be left out; of a service with requests none, but the
    booking (BK-4).
    Raises StartNotOffered for a date that there is not, PriceChanged, InsufficientCredits, TooManyHolds,
    ClientLimitReached, SessionLimitReached, SlotTaken, LocationNotOffered, LocationMissing, CourseOver, CourseStarted.
    """
    buffers = await Holds(session).lock(client_id, bookable.service.service_id)
    if wanted.pass_id is None:
        await check_limits(session, settings, client_id, bookable.service)
    plan = await _plan(session, bookable, wanted)
    starts = [seat.start for seat in plan.seats if seat.start]
    await check_client_limits(session, client_id, bookable, starts[:1] if plan.kind is BookingKind.COURSE else starts)
    head = _new_booking(session, settings, client_id, bookable, wanted, purchase_id, starts[0])
    head.kind = plan.kind
    taking = Taking(session, bookable, head, buffers)
    if bookable.service.booking_mode == REQUEST:
        bookings = [await ask_for(session, bookable, head, plan)]
    else:
        bookings = [await taking.alone(plan)] if plan.kind is BookingKind.SINGLE else await taking.several(plan)
    check_price(head.value, wanted)
    for booking in reversed(bookings):  # a parent before its children
        await Bookings(session).add(booking)
        if bookable.service.asks_fees(by_pass=wanted.pass_id is not None) and not booking.is_parent:
            agree(session, booking.id, bookable.service, found(wanted.payment_method_id))
    return bookings


async def _plan(session: Session, bookable: ServiceWithHours, wanted: BookBody) -> Plan:
    if not bookable.service.is_course:
        return plan_of(bookable, wanted)
    dates = await Dates(session).between(bookable.service.service_id, EVER[0], EVER[1])
    seats = [seat_of(bookable, date.start_time, date.end_time, date.location_id) for date, _ in dates]
    return plan_of_course(seats, bookable, wanted, session.now())


async def hold_offered(
    session: Session,
    settings: BookingSettings,
    bookable: ServiceWithHours,
    entry: WaitlistEntry,
    wanted: BookBody,
    booking_id: UUID,
) -> Booking:
    """Stores the pending booking of the seat that the locked entry holds; its hold ends with the offer.

    Its client is locked (`Holds.lock`). Whoever is invited may have one more seat than the service's limits allow.
    Raises TooManyHolds, ClientLimitReached.
    """
    await check_limits(session, settings, entry.user_id, bookable.service)
    if not entry.is_invited:
        await check_client_limits(session, entry.user_id, bookable, [entry.start_time])
    [session_id] = await Entries(session).give_up(entry)
    held = await Sessions(session).get(session_id)
    booking = _new_booking(session, settings, entry.user_id, bookable, wanted, booking_id, entry.start_time)
    check_price(booking.value, wanted)
    booking.session_id, booking.location_id, booking.end_time = held.id, held.location_id, held.end_time
    booking.expires_at = found(entry.offer_expires_at)
    if held.capacity == 1:  # the room of the booking before is not this client's
        held.room = room_of_booking(booking_id)
    await Bookings(session).add(booking)
    if bookable.service.asks_fees(by_pass=wanted.pass_id is not None):
        agree(session, booking.id, bookable.service, found(wanted.payment_method_id))
    entry.booking_id = booking_id
    transition(entry, EntryStatus.BOOKED, TRANSITIONS)
    return booking


def policy_of(settings: BookingSettings, service: BookableService) -> CancelPolicy:
    """The policy of bookings of that service that are made now: the install's, as far as it has none of its own."""
    policy = CancelPolicy(
        full_until=timedelta(hours=settings.cancel_full_hours),
        part_until=timedelta(hours=settings.cancel_part_hours),
        part_percent=settings.cancel_part_percent,
    )
    return policy.changed(service.cancel_policy) if service.cancel_policy else policy


def _new_booking(
    session: Session,
    settings: BookingSettings,
    client_id: UUID,
    bookable: ServiceWithHours,
    wanted: BookBody,
    booking_id: UUID,
    start: datetime,
) -> Booking:
    service, now = bookable.service, session.now()
    return Booking(
        kind=BookingKind.SINGLE,
        id=booking_id,
        purchase_id=booking_id,
        order_id=order_id_of(booking_id),
        line_id=line_id_of(booking_id),
        status=BookingStatus.PENDING_PAYMENT,
        service_id=service.service_id,
        service_title=service.title,
        practitioner_id=service.practitioner_id,
        practitioner_user_id=service.practitioner_user_id,
        client_id=client_id,
        location_id=wanted.location_id,
        start_time=start,
        end_time=start + service.rules.duration,
        timezone=bookable.hours.timezone,
        delivery=Delivery(service.delivery),
        total_amount=0 if wanted.use_membership else service.price_amount,
        value_amount=service.price_amount if wanted.use_membership else None,
        credits_amount=0,
        check_in_code=new_check_in_code(),
        currency=service.currency,
        policy=policy_of(settings, service).stored(),
        reschedule_hours=settings.reschedule_hours if service.reschedule_hours is None else service.reschedule_hours,
        max_reschedules=service.max_reschedules,
        client_moves=0,
        reminders_minutes=list(service.reminders_minutes),
        start_version=1,
        notes=wanted.notes,
        expires_at=min(now + settings.hold, start),
        created_at=now,
    )
