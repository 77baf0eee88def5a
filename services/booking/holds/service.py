"""Holding a seat: the booking that waits for its payment, and how many of them one client may have."""

import math
from datetime import datetime, timedelta
from uuid import UUID

from services.booking.bookings.domain import BookingKind, BookingStatus, CancelPolicy, Delivery, new_check_in_code
from services.booking.bookings.models import Booking
from services.booking.bookings.repository import Bookings
from services.booking.calendars.announced import seat_at
from services.booking.calendars.repository import ServiceWithHours
from services.booking.calendars.seats import take_seat
from services.booking.fee_terms.service import agree
from services.booking.holds.errors import ClientLimitReached, TooManyHolds
from services.booking.holds.repository import Holds
from services.booking.holds.schemas import BookBody
from services.booking.peers import line_id_of, order_id_of
from services.booking.service_copies.models import BookableService
from services.booking.sessions.domain import SessionLimits, room_of_booking
from services.booking.sessions.errors import SlotTaken
from services.booking.sessions.repository import Sessions
from services.booking.settings import BookingSettings
from services.booking.waitlist_entries.domain import TRANSITIONS, EntryStatus
from services.booking.waitlist_entries.models import WaitlistEntry
from services.booking.waitlist_entries.repository import Entries
from shared.database.repository import found
from shared.database.session import Session
from shared.records.state import transition


async def hold(
    session: Session,
    settings: BookingSettings,
    client_id: UUID,
    bookable: ServiceWithHours,
    wanted: BookBody,
    booking_id: UUID,
) -> Booking:
    """Takes a seat and stores the pending booking of it.

    Raises StartNotOffered for a date that there is not, TooManyHolds, ClientLimitReached, SessionLimitReached,
    SlotTaken.
    """
    buffers = await Holds(session).lock(client_id, bookable.service.service_id)
    seat = await seat_at(session, bookable, wanted.start_time, bookable.service.rules.duration)
    await check_limits(session, settings, client_id, bookable.service)
    await check_client_limits(session, client_id, bookable, wanted.start_time)
    booking = _new_booking(session, settings, client_id, bookable, wanted, booking_id)
    booking.end_time, seat = seat.end, seat.with_buffers(*buffers)
    booking.session_id = await take_seat(session, seat, booking.id)
    if booking.session_id is None:
        raise SlotTaken
    await Bookings(session).add(booking)
    if bookable.service.asks_fees:
        agree(session, booking.id, bookable.service, found(wanted.payment_method_id))
    return booking


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
        await check_client_limits(session, entry.user_id, bookable, entry.start_time)
    [session_id] = await Entries(session).give_up(entry)
    held = await Sessions(session).get(session_id)
    booking = _new_booking(session, settings, entry.user_id, bookable, wanted, booking_id)
    booking.session_id, booking.end_time, booking.expires_at = held.id, held.end_time, found(entry.offer_expires_at)
    if held.capacity == 1:  # the room of the booking before is not this client's
        held.room = room_of_booking(booking_id)
    await Bookings(session).add(booking)
    entry.booking_id = booking_id
    transition(entry, EntryStatus.BOOKED, TRANSITIONS)
    return booking


async def check_limits(session: Session, settings: BookingSettings, client_id: UUID, service: BookableService) -> None:
    """Raises TooManyHolds if one more seat of that service is one too many for the client, who is locked."""
    held = await Holds(session).count(client_id, service.practitioner_id)
    if service.price_amount == 0:
        full = held.free_there >= settings.max_free_bookings
    else:
        full = held.unpaid >= settings.max_open_holds or held.unpaid_there >= settings.max_open_holds_per_practitioner
    if full:
        raise TooManyHolds


async def check_client_limits(
    session: Session, client_id: UUID, bookable: ServiceWithHours, start: datetime, moved: Booking | None = None
) -> None:
    """Raises ClientLimitReached if the service has no more seats for the client, who is locked, at that start.

    `moved`: the booking that leaves its seat for this one, so that it adds to another week at most.
    """
    limits, service = bookable.service.limits or {}, bookable.service
    most_open, most_a_week = limits.get("open_per_client"), limits.get("per_client_per_week")
    if most_open is None and most_a_week is None:
        return
    begin, end = SessionLimits(bookable.hours.timezone, None, None).week_of(start)
    if moved is not None and begin <= moved.start_time < end:
        return
    seats = await Holds(session).seats_of(client_id, service.service_id, (begin, end))
    too_many_open = moved is None and seats.open >= (most_open or math.inf)
    if too_many_open or seats.in_week >= (most_a_week or math.inf):
        raise ClientLimitReached


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
        start_time=wanted.start_time,
        end_time=wanted.start_time + service.rules.duration,
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
        expires_at=min(now + settings.hold, wanted.start_time),
        created_at=now,
    )
