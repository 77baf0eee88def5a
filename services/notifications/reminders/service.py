"""Reminders: planned when a start is agreed, decided when they are due, from the start of that moment (rule 19)."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from services.notifications.booking_copies.domain import practitioners_reminder
from services.notifications.booking_copies.models import BookingCopy
from services.notifications.booking_copies.repository import BookingCopies
from services.notifications.channels.mail.repository import Mails
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.preferences.domain import Topic
from services.notifications.reminders import domain
from services.notifications.reminders.domain import REMINDER_TRANSITIONS, Decision, ReminderContext, ReminderStatus
from services.notifications.reminders.models import Reminder
from services.notifications.reminders.repository import Reminders
from services.notifications.templates.phrases import remaining
from shared.database.session import Session
from shared.events.booking import BookingSnapshot
from shared.records.state import transition
from shared.records.times import render_utc


async def plan(session: Session, booking: BookingSnapshot, made_at: datetime) -> None:
    """All reminders of the booking to both sides; one whose moment lay before `made_at` is stored as skipped."""
    await Reminders(session).add_once(list(_planned(booking, made_at, session.now())))


async def cancel_pending(session: Session, booking_id: UUID) -> None:
    """Neither reminders nor waiting mails about the start that was agreed until now are sent."""
    await Reminders(session).cancel_scheduled(booking_id)
    await Mails(session).cancel_pending(booking_id)


async def remind(runtime: NotifyRuntime, session: Session, booking_id: UUID) -> None:
    """Settles what is due for one booking: sent where it is still of use, skipped else."""
    booking = await BookingCopies(session).get(booking_id)
    seats = await BookingCopies(session).seats(booking.practitioner_user_id, booking.start_time)
    notifications = [
        _notification(booking, reminder, session.now(), seats)
        for reminder in await Reminders(session).due_of(booking_id)
        if _settle(booking, reminder, session.now()) is Decision.SEND
    ]
    await notify(runtime, session, notifications)


def _planned(booking: BookingSnapshot, made_at: datetime, now: datetime) -> Iterator[dict[str, Any]]:
    for recipient in (booking.client_id, booking.practitioner_user_id):
        for minutes in booking.reminders_minutes:
            first = domain.first_status(minutes, booking.start_time, made_at)
            yield {
                "booking_id": booking.id,
                "recipient_id": recipient,
                "kind": domain.kind_of(minutes),
                "start_version": booking.start_version,
                "due_at": domain.due_at(minutes, booking.start_time),
                "status": first,
                "settled_at": now if first is ReminderStatus.SKIPPED else None,
            }


def _settle(booking: BookingCopy, reminder: Reminder, now: datetime) -> Decision:
    context = ReminderContext(
        minutes=domain.minutes_of(reminder.kind),
        all_minutes=booking.reminders_minutes,
        version=reminder.start_version,
        booking_status=booking.status,
        booking_version=booking.start_version,
        start_time=booking.start_time,
    )
    decision = domain.decide(context, now)
    if decision is Decision.WAIT:
        reminder.due_at = domain.due_at(context.minutes, booking.start_time)
        return decision
    to = ReminderStatus.SENT if decision is Decision.SEND else ReminderStatus.SKIPPED
    transition(reminder, to, REMINDER_TRANSITIONS)
    reminder.settled_at = now
    return decision


def _occasion(booking: BookingCopy, reminder: Reminder, *, to_client: bool) -> str:
    """To the practitioner one per session, whatever its seats: they cannot have two sessions at one time.

    To the client one per booking, and one for all seats of a session that were bought as one.
    """
    of_start = f"{render_utc(booking.start_time)}:{reminder.kind}"
    if not to_client:
        return of_start
    if booking.parent_id is not None:
        return f"{booking.parent_id}:{of_start}"
    return f"{booking.id}:{reminder.kind}:{reminder.start_version}"


def _notification(booking: BookingCopy, reminder: Reminder, now: datetime, seats: int) -> Notification:
    start, to_client = render_utc(booking.start_time), reminder.recipient_id == booking.client_id
    kind, minutes = reminder.kind, domain.minutes_of(reminder.kind)
    params = {
        "service": booking.service_title,
        "start": start,
        "remaining": remaining(booking.start_time - now),
        "seats": str(seats),
    }
    return Notification(
        user_id=reminder.recipient_id,
        topic=Topic.REMINDERS,
        type="booking.reminder",
        template="booking.reminder/client" if to_client else practitioners_reminder(seats),
        cause=f"booking.reminder:{_occasion(booking, reminder, to_client=to_client)}",
        params=booking.terms | params,
        data={"booking_id": str(booking.id), "kind": kind, "start_time": start},
        timezone=booking.timezone,
        about=booking.practitioner_user_id if to_client else booking.client_id,
        booking_id=booking.id,
        useful_until=domain.useful_until(minutes, booking.reminders_minutes, booking.start_time),
    )
