"""What follows from the events of a booking: its copy, reminders, notifications of its sides, frames."""

from collections.abc import Sequence
from dataclasses import replace

from services.notifications.booking_copies.repository import BookingCopies
from services.notifications.booking_events.service import (
    WHY_DECLINED,
    both_sides,
    cancelled_by,
    cause_of,
    frame,
    goes_back,
    of_session,
    params_of,
    request_of,
    terms_of,
    to_client,
    without_words,
)
from services.notifications.booking_events.sessions import CONSUMERS as OF_SESSIONS
from services.notifications.booking_events.sessions import frame_to_client
from services.notifications.handlers import Handlers
from services.notifications.live.models import StoredFrame
from services.notifications.notifications.domain import Notification
from services.notifications.notifications.runtime import NotifyRuntime
from services.notifications.notifications.service import notify
from services.notifications.people.repository import People
from services.notifications.reminders import service as reminders
from shared.database.session import Session
from shared.events.booking import (
    BookingCancelled,
    BookingCompleted,
    BookingConfirmed,
    BookingDeclined,
    BookingEvent,
    BookingExpired,
    BookingNoShow,
    BookingRequested,
    BookingRescheduled,
    BookingStarted,
)
from shared.records.times import render_utc


async def booking_confirmed(runtime: NotifyRuntime, session: Session, event: BookingConfirmed) -> None:
    booking = event.booking
    terms = await _copy(runtime, session, event)
    if not booking.is_parent:
        await reminders.plan(session, booking, made_at=booking.created_at)
    sides = both_sides(booking, "booking.confirmed", params_of(booking) | terms)
    await _notify(runtime, session, event, "booking.confirmed", [] if booking.is_bought_with_others else sides)


async def booking_requested(runtime: NotifyRuntime, session: Session, event: BookingRequested) -> None:
    booking, kind = event.booking, "booking.requested"
    terms = await _copy(runtime, session, event)
    text = kind if booking.requested_start_time is None else "booking.move_requested"
    sides = both_sides(booking, kind, params_of(booking) | terms | request_of(booking))
    occasion = f"{text}:{render_utc(booking.decide_by or booking.start_time)}"
    sent = [
        replace(side, template=f"{text}/{reader}", cause=cause_of(booking, occasion))
        for side, reader in zip(sides, ("client", "practitioner"), strict=True)
    ]
    await _notify(runtime, session, event, kind, sent, occasion)


async def booking_declined(runtime: NotifyRuntime, session: Session, event: BookingDeclined) -> None:
    booking, kind = event.booking, "booking.declined"
    await _copy(runtime, session, event)
    text = kind if event.requested_start_time is None else "booking.move_declined"
    occasion = f"{text}:{render_utc(event.requested_start_time or booking.start_time)}"
    wanted = {"wanted_start": render_utc(event.requested_start_time)} if event.requested_start_time else {}
    why = {"why": f" Reason: {event.reason}"} if event.reason else {"why": WHY_DECLINED[event.cause]}
    client, _ = both_sides(booking, kind, params_of(booking) | wanted | why)
    client = replace(client, template=f"{text}/client", cause=cause_of(booking, occasion))
    await _notify(runtime, session, event, kind, [client], occasion)


async def booking_rescheduled(runtime: NotifyRuntime, session: Session, event: BookingRescheduled) -> None:
    booking = event.booking
    terms = await _copy(runtime, session, event)
    await reminders.cancel_pending(session, booking.id)
    await reminders.plan(session, booking, made_at=event.occurred_at)
    params = params_of(booking) | terms | {"previous_start": render_utc(event.previous_start_time)}
    client, practitioner = both_sides(booking, "booking.rescheduled", params)
    if event.session_move_id is not None:
        practitioner = of_session(practitioner, booking, event.session_move_id)
    await _notify(runtime, session, event, "booking.rescheduled", [client, practitioner])


async def booking_cancelled(runtime: NotifyRuntime, session: Session, event: BookingCancelled) -> None:
    booking, kind = event.booking, "booking.cancelled"
    await _copy(runtime, session, event)
    await reminders.cancel_pending(session, booking.id)
    params = params_of(booking) | {"refund": goes_back(event)}
    params |= {"why": f" Reason: {event.reason}"} if event.reason else {}
    client, practitioner = (
        replace(item, params=params | {"cancelled_by": cancelled_by(event.cancelled_by, reader)})
        for reader, item in zip(("client", "practitioner"), both_sides(booking, kind, params), strict=True)
    )
    if not event.by_itself:
        await _notify(runtime, session, event, kind, [], to_client_alone=not event.was_confirmed)
    elif event.cancelled_session_id is not None:  # the practitioner is notified once, of the session
        frame = frame_to_client(event, event.cancelled_session_id)
        await _notify(runtime, session, event, kind, [client], of_session=[frame])
    elif event.was_confirmed:
        await _notify(runtime, session, event, kind, [client, practitioner])
    else:
        client = replace(client, template="booking.hold_cancelled/client")
        await _notify(runtime, session, event, kind, [client], to_client_alone=True)


async def booking_expired(runtime: NotifyRuntime, session: Session, event: BookingExpired) -> None:
    await _copy(runtime, session, event)
    await reminders.cancel_pending(session, event.booking.id)
    text = "booking.refunded" if event.refunded else "booking.expired"
    is_unanswered = event.booking.decide_by is not None and event.booking.decide_by <= event.occurred_at
    text = "booking.unanswered" if is_unanswered and not event.refunded else text
    client = [] if event.booking.is_bought_with_others else [to_client(event.booking, "booking.expired", text)]
    await _notify(runtime, session, event, "booking.expired", client, text, to_client_alone=not is_unanswered)


async def booking_started(runtime: NotifyRuntime, session: Session, event: BookingStarted) -> None:
    await _copy(runtime, session, event)
    await _notify(runtime, session, event, "booking.in_progress", [])


async def booking_completed(runtime: NotifyRuntime, session: Session, event: BookingCompleted) -> None:
    await _ended(runtime, session, event, "booking.completed")


async def booking_no_show(runtime: NotifyRuntime, session: Session, event: BookingNoShow) -> None:
    await _ended(runtime, session, event, "booking.no_show")


async def _ended(runtime: NotifyRuntime, session: Session, event: BookingEvent, kind: str) -> None:
    """The client is notified in the app alone. The copy's status ends the reminders."""
    await _copy(runtime, session, event)
    client = [] if event.booking.is_parent else [to_client(event.booking, kind, kind, outbound=False)]
    await _notify(runtime, session, event, kind, client)


async def _copy(runtime: NotifyRuntime, session: Session, event: BookingEvent) -> dict[str, str]:
    """Stores the booking and locks it until the commit; returns its terms."""
    terms = terms_of(event.booking, runtime.settings.app_url)
    await BookingCopies(session).put(event.booking, terms)
    return terms


async def _notify(
    runtime: NotifyRuntime,
    session: Session,
    event: BookingEvent,
    kind: str,
    notifications: Sequence[Notification],
    occasion: str = "",
    *,
    to_client_alone: bool = False,
    of_session: Sequence[StoredFrame] = (),
) -> None:
    """The notifications, and the frame for both sides or for the client alone, with those about a session.

    A practitioner was never notified of a hold, so gets nothing of its end. What a side wrote is in none of them where
    its account is closed: it may have been erased before the event came.
    """
    booking = event.booking
    readers = [booking.client_id, *([] if to_client_alone else [booking.practitioner_user_id])]
    sides = {booking.client_id, booking.practitioner_user_id}
    people = await People(session).known(sides)
    if await People(session).deactivated_among(sides - people.keys()):
        event, notifications = without_words(event, notifications)
    client = people.get(booking.client_id)
    name = client.names(runtime.settings.client_names)["client"] if client else None
    frames = [frame(event, kind, cause_of(booking, occasion or kind), reader, name) for reader in readers]
    await notify(runtime, session, notifications, [*frames, *of_session], people)


CONSUMERS: Handlers = {
    BookingRequested: booking_requested,
    BookingDeclined: booking_declined,
    BookingConfirmed: booking_confirmed,
    BookingStarted: booking_started,
    BookingCompleted: booking_completed,
    BookingNoShow: booking_no_show,
    BookingCancelled: booking_cancelled,
    BookingExpired: booking_expired,
    BookingRescheduled: booking_rescheduled,
    **OF_SESSIONS,
}
