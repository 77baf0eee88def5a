"""Reminders: planned when a start is agreed, decided when they are due, from the start of that moment (rule 19)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications import domain, service, texts
from services.notifications.domain import REMINDER_TRANSITIONS, Decision, ReminderContext, ReminderStatus, Topic
from services.notifications.mails import Mails
from services.notifications.models import Booking, Reminder
from services.notifications.repository import Bookings, Reminders
from services.notifications.service import Notification
from services.notifications.settings import settings_of
from shared.database.session import Session
from shared.events.booking import BookingSnapshot
from shared.records.state import transition
from shared.records.times import render_utc


async def remember(session: Session, booking: BookingSnapshot) -> None:
    """Keeps the copy that reminders are decided from; locks it until the commit."""
    copied = {name: getattr(booking, name) for name in COPIED}
    await Bookings(session).put(**copied, terms=terms(session, booking))


def terms(session: Session, booking: BookingSnapshot) -> dict[str, str]:
    """How long, how much and where; online it is the booking's page, where the address of the pages is known."""
    app_url = settings_of(session).app_url
    where = f"{app_url.rstrip('/')}/bookings/{booking.id}" if app_url else "online"
    return {
        "length": texts.length(booking.end_time - booking.start_time),
        "price": texts.money(booking.total) if booking.total else "free of charge",
        "where": where if booking.delivery == "online" else "in person",
    }


async def plan(session: Session, booking: BookingSnapshot, made_at: datetime) -> None:
    """Both reminders to both sides; one whose moment lay before `made_at` is kept as skipped."""
    await Reminders(session).add_once(list(_planned(booking, made_at, session.now())))


async def silence(session: Session, booking_id: UUID) -> None:
    """Nothing more is said about the start that was agreed until now."""
    await Reminders(session).skip_scheduled(booking_id)
    await Mails(session).silence(booking_id)


async def remind(session: Session, booking_id: UUID) -> None:
    """Settles what is due for one booking: sent where it is still of use, skipped else."""
    booking = await Bookings(session).get(booking_id)
    seats = await Bookings(session).seats(booking.practitioner_user_id, booking.start_time)
    news = [
        _news(booking, reminder, session.now(), seats)
        for reminder in await Reminders(session).due_of(booking_id)
        if _settle(booking, reminder, session.now()) is Decision.SEND
    ]
    await service.tell(session, news)


def _planned(booking: BookingSnapshot, made_at: datetime, now: datetime) -> Iterator[dict[str, Any]]:
    for recipient in (booking.client_id, booking.practitioner_user_id):
        for kind in domain.LEAD:
            first = domain.first_status(kind, booking.start_time, made_at)
            yield {
                "booking_id": booking.id,
                "recipient_id": recipient,
                "kind": kind,
                "start_version": booking.start_version,
                "due_at": domain.due_at(kind, booking.start_time),
                "status": first,
                "settled_at": now if first is ReminderStatus.SKIPPED else None,
            }


def _settle(booking: Booking, reminder: Reminder, now: datetime) -> Decision:
    reminding = ReminderContext(
        kind=reminder.kind,
        version=reminder.start_version,
        booking_status=booking.status,
        booking_version=booking.start_version,
        start_time=booking.start_time,
    )
    decision = domain.decide(reminding, now)
    if decision is Decision.WAIT:
        reminder.due_at = domain.due_at(reminder.kind, booking.start_time)
        return decision
    to = ReminderStatus.SENT if decision is Decision.SEND else ReminderStatus.SKIPPED
    transition(reminder, to, REMINDER_TRANSITIONS)
    reminder.settled_at = now
    return decision


def _news(booking: Booking, reminder: Reminder, now: datetime, seats: int) -> Notification:
    """To the practitioner one word per session, whatever its seats: they cannot have two sessions at one time."""
    start, to_client = render_utc(booking.start_time), reminder.recipient_id == booking.client_id
    about = f"{booking.id}:{reminder.kind}:{reminder.start_version}" if to_client else f"{start}:{reminder.kind}"
    side = "client" if to_client else domain.practitioners_side(seats)
    facts = {
        "service": booking.service_title,
        "start": start,
        "remaining": texts.remaining(booking.start_time - now),
        "seats": str(seats),
    }
    return Notification(
        user_id=reminder.recipient_id,
        topic=Topic.REMINDERS,
        type="booking.reminder",
        template=f"booking.reminder/{side}",
        cause=f"booking.reminder:{about}",
        facts=booking.terms | facts,
        data={"booking_id": str(booking.id), "kind": reminder.kind.value, "start_time": start},
        timezone=booking.timezone,
        about=booking.practitioner_user_id if to_client else booking.client_id,
        booking_id=booking.id,
        useful_until=domain.useful_until(reminder.kind, booking.start_time),
    )


COPIED = [column.key for column in Booking.__table__.columns if column.key != "terms"]
