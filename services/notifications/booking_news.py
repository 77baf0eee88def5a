"""What notifications does when something happened to a booking: the copy, reminders, words to its sides, frames."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.notifications import reminders, service, texts
from services.notifications.domain import Topic
from services.notifications.models import StoredFrame
from services.notifications.people import People
from services.notifications.schemas import BookingView
from services.notifications.service import BOOKING_UPDATES, Notification
from services.notifications.settings import settings_of
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.booking import (
    BookingCancelled,
    BookingCompleted,
    BookingConfirmed,
    BookingEvent,
    BookingExpired,
    BookingNoShow,
    BookingRescheduled,
    BookingSnapshot,
    BookingStarted,
)
from shared.records.ids import new_id
from shared.records.times import render_utc


async def booking_confirmed(session: Session, event: BookingConfirmed) -> None:
    booking = event.booking
    await reminders.remember(session, booking)
    await reminders.plan(session, booking, made_at=booking.created_at)
    news = _both_sides(booking, "booking.confirmed", _facts(booking) | reminders.terms(session, booking))
    await _tell(session, event, "booking.confirmed", news)


async def booking_rescheduled(session: Session, event: BookingRescheduled) -> None:
    booking = event.booking
    await reminders.remember(session, booking)
    await reminders.silence(session, booking.id)
    await reminders.plan(session, booking, made_at=event.occurred_at)
    facts = _facts(booking) | reminders.terms(session, booking)
    facts["previous_start"] = render_utc(event.previous_start_time)
    client, practitioner = _both_sides(booking, "booking.rescheduled", facts)
    if event.session_move_id is not None:
        practitioner = _of_session(practitioner, booking, event.session_move_id)
    await _tell(session, event, "booking.rescheduled", [client, practitioner])


async def booking_cancelled(session: Session, event: BookingCancelled) -> None:
    booking = event.booking
    await reminders.remember(session, booking)
    await reminders.silence(session, booking.id)
    facts = _facts(booking) | {"refund": texts.money(event.refund_due) if event.refund_due else "nothing"}
    facts |= {"why": f" Reason: {event.reason}"} if event.reason else {}
    sides = zip(("client", "practitioner"), _both_sides(booking, "booking.cancelled", facts), strict=True)
    news = [replace(item, facts=facts | {"cancelled_by": _by(event.cancelled_by, reader)}) for reader, item in sides]
    if not event.was_confirmed:
        news = [replace(news[0], template="booking.hold_cancelled/client")]
    await _tell(session, event, "booking.cancelled", news, to_client_alone=not event.was_confirmed)


async def booking_expired(session: Session, event: BookingExpired) -> None:
    booking = event.booking
    await reminders.remember(session, booking)
    await reminders.silence(session, booking.id)
    told = "booking.refunded" if event.refunded else "booking.expired"
    news = _to_client(booking, "booking.expired", f"{told}/client", told)
    await _tell(session, event, "booking.expired", [news], told, to_client_alone=True)


async def booking_started(session: Session, event: BookingStarted) -> None:
    await reminders.remember(session, event.booking)
    await _tell(session, event, "booking.in_progress", [])


async def booking_completed(session: Session, event: BookingCompleted) -> None:
    await _over(session, event, "booking.completed")


async def booking_no_show(session: Session, event: BookingNoShow) -> None:
    await _over(session, event, "booking.no_show")


async def _over(session: Session, event: BookingEvent, kind: str) -> None:
    """The client finds a notice; a mail would be one too many. The copy ends the reminders."""
    await reminders.remember(session, event.booking)
    news = _to_client(event.booking, kind, f"{kind}/client", kind, by_mail=False)
    await _tell(session, event, kind, [news])


def _both_sides(booking: BookingSnapshot, kind: str, facts: texts.Params) -> tuple[Notification, Notification]:
    """One news for the client and one for the practitioner, once per start of the booking."""
    client = Notification(
        user_id=booking.client_id,
        topic=Topic.BOOKINGS,
        type=kind,
        template=f"{kind}/client",
        cause=_cause(booking, kind),
        facts=facts,
        data={"booking_id": str(booking.id)},
        timezone=booking.timezone,
        about=booking.practitioner_user_id,
    )
    practitioner = replace(client, user_id=booking.practitioner_user_id, about=booking.client_id)
    return client, replace(practitioner, template=f"{kind}/practitioner")


def _by(party: str, reader: str) -> str:
    return "you" if party == reader else CANCELLED_BY[party]


def _of_session(news: Notification, booking: BookingSnapshot, move_id: UUID) -> Notification:
    """One word to the practitioner for all the bookings that were moved together; it names nobody.

    It stays true as long as one of them is booked (`Mails.silence`).
    """
    data = {**news.data, "session_id": str(booking.session_id)}
    template, cause = f"{news.type}/session", f"{news.type}:{move_id}"
    return replace(news, template=template, cause=cause, booking_id=booking.id, about=None, data=data)


def _to_client(booking: BookingSnapshot, kind: str, template: str, told: str, *, by_mail: bool = True) -> Notification:
    client, _ = _both_sides(booking, kind, _facts(booking))
    return replace(client, template=template, cause=_cause(booking, told), by_mail=by_mail)


def _facts(booking: BookingSnapshot) -> dict[str, str]:
    """With the booking's id, by which a mail that waits finds out whether it is still true."""
    start = render_utc(booking.start_time)
    return {"booking_id": str(booking.id), "service": booking.service_title, "start": start}


def _cause(booking: BookingSnapshot, told: str) -> str:
    return f"{told}:{booking.id}:{booking.start_version}"


async def _tell(
    session: Session,
    event: BookingEvent,
    kind: str,
    news: Sequence[Notification],
    told: str = "",
    *,
    to_client_alone: bool = False,
) -> None:
    """The news, and the frame for both sides or for the client alone.

    A practitioner never heard of a hold, so hears nothing of its end.
    """
    booking = event.booking
    readers = [booking.client_id, *([] if to_client_alone else [booking.practitioner_user_id])]
    people = await People(session).known({booking.client_id, booking.practitioner_user_id})
    known = people.get(booking.client_id)
    name = known.names(settings_of(session).client_names)["client"] if known else None
    frames = [_frame(event, kind, _cause(booking, told or kind), reader, name) for reader in readers]
    await service.tell(session, news, frames, people)


def _frame(event: BookingEvent, kind: str, cause: str, user_id: UUID, client_name: str | None) -> StoredFrame:
    """The two sides differ: a practitioner cannot book the own service."""
    return StoredFrame(
        id=new_id(),
        user_id=user_id,
        channel=BOOKING_UPDATES,
        cause=cause,
        type=kind,
        data=BookingView.seen_by(user_id, event, client_name).model_dump(mode="json"),
        created_at=event.occurred_at,
    )


CANCELLED_BY: Mapping[str, str] = {
    "client": "the client",
    "practitioner": "the practitioner",
    "staff": "our staff",
}

CONSUMERS: Consumers = {
    BookingConfirmed: booking_confirmed,
    BookingStarted: booking_started,
    BookingCompleted: booking_completed,
    BookingNoShow: booking_no_show,
    BookingCancelled: booking_cancelled,
    BookingExpired: booking_expired,
    BookingRescheduled: booking_rescheduled,
}
