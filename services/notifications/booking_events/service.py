"""What the two sides of a booking are notified of, and the frames with the booking."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from services.notifications.booking_events.schemas import BookingFrame
from services.notifications.live.models import StoredFrame
from services.notifications.live.service import BOOKING_UPDATES
from services.notifications.notifications.domain import Notification
from services.notifications.preferences.domain import Topic
from services.notifications.templates.domain import Params
from services.notifications.templates.phrases import length, money
from shared.events.booking import BookingCancelled, BookingEvent, BookingSnapshot, DeclineCause
from shared.records.ids import new_id
from shared.records.times import render_utc

CANCELLED_BY: Mapping[str, str] = {
    "client": "the client",
    "practitioner": "the practitioner",
    "staff": "our staff",
}

WHY_DECLINED: Mapping[DeclineCause, str] = {
    "practitioner": "",
    "slot_taken": " The time is taken by now.",
    "payment_failed": " Your card could not be charged.",
    "silence": " Nobody answered in time.",
}


def both_sides(booking: BookingSnapshot, kind: str, params: Params) -> tuple[Notification, Notification]:
    """One for the client and one for the practitioner, once per start of the booking."""
    client = Notification(
        user_id=booking.client_id,
        topic=Topic.BOOKINGS,
        type=kind,
        template=f"{kind}/client",
        cause=cause_of(booking, kind),
        params=params,
        data={"booking_id": str(booking.id)},
        timezone=booking.timezone,
        about=booking.practitioner_user_id,
    )
    practitioner = replace(client, user_id=booking.practitioner_user_id, about=booking.client_id)
    return client, replace(practitioner, template=f"{kind}/practitioner")


def of_session(item: Notification, booking: BookingSnapshot, move_id: UUID) -> Notification:
    """One to the practitioner for all the bookings that were moved together; it names no client.

    Its mail stays true as long as one of them is booked (`Mails.cancel_pending`).
    """
    data = {**item.data, "session_id": str(booking.session_id)}
    template, cause = f"{item.type}/session", f"{item.type}:{move_id}"
    return replace(item, template=template, cause=cause, booking_id=booking.id, about=None, data=data)


def to_client(booking: BookingSnapshot, kind: str, text: str, *, outbound: bool = True) -> Notification:
    """One for the client, of that type with the text `<text>/client`."""
    client, _ = both_sides(booking, kind, params_of(booking))
    return replace(client, template=f"{text}/client", cause=cause_of(booking, text), outbound=outbound)


def params_of(booking: BookingSnapshot) -> dict[str, str]:
    """With the booking's id, by which a waiting mail finds out whether it is still true."""
    start = render_utc(booking.start_time)
    return {"booking_id": str(booking.id), "service": booking.service_title, "start": start}


def request_of(booking: BookingSnapshot) -> dict[str, str]:
    """Until when a request is decided, and to where its client wants to move it."""
    moments = {"until": booking.decide_by, "wanted_start": booking.requested_start_time}
    return {name: render_utc(moment) for name, moment in moments.items() if moment is not None}


def terms_of(booking: BookingSnapshot, app_url: str | None) -> dict[str, str]:
    """How long, how much and where; online it is the booking's page, where the address of the pages is known."""
    where = f"{app_url.rstrip('/')}/bookings/{booking.id}" if app_url else "online"
    return {
        "length": length(booking.end_time - booking.start_time),
        "price": _price(booking),
        "where": where if booking.delivery == "online" else "in person",
    }


def _price(booking: BookingSnapshot) -> str:
    if booking.value and booking.value != booking.total:
        return f"{money(booking.value)}, paid by a {'pass' if booking.pass_id else 'membership'}"
    return money(booking.total) if booking.total else "free of charge"


def goes_back(event: BookingCancelled) -> str:
    """What the client gets back: money, or the session of a membership that had paid, unless it is used."""
    if event.refund_due:
        return money(event.refund_due)
    is_back = event.booking.value not in (None, event.booking.total) and not event.kept
    return f"the session of your {'pass' if event.booking.pass_id else 'membership'}" if is_back else "nothing"


def cancelled_by(party: str, reader: str) -> str:
    """`you` for the side that cancelled."""
    return "you" if party == reader else CANCELLED_BY[party]


def without_words(
    event: BookingEvent, notifications: Sequence[Notification]
) -> tuple[BookingEvent, Sequence[Notification]]:
    """Both without notes and reasons."""
    wordless = event.model_copy(update={"booking": event.booking.model_copy(update={"notes": None})})
    kept = [{name: value for name, value in item.params.items() if name != "why"} for item in notifications]
    return wordless, [replace(item, params=params) for item, params in zip(notifications, kept, strict=True)]


def cause_of(booking: BookingSnapshot, text: str) -> str:
    """The occasion: a booking with one start has each of them once."""
    return f"{text}:{booking.id}:{booking.start_version}"


def frame(event: BookingEvent, kind: str, cause: str, user_id: UUID, client_name: str | None) -> StoredFrame:
    """The booking for one side of it. The two sides differ: a practitioner cannot book the own service."""
    return StoredFrame(
        id=new_id(),
        user_id=user_id,
        channel=BOOKING_UPDATES,
        cause=cause,
        type=kind,
        data=BookingFrame.seen_by(user_id, event, client_name).model_dump(mode="json"),
        created_at=event.occurred_at,
    )
