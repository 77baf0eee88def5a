"""What notifications does when something happened elsewhere: keep its copies, tell people, feed the sockets."""

from dataclasses import replace

from services.notifications import messages, reminders, service, stream_news, texts
from services.notifications.domain import Topic
from services.notifications.models import StoredFrame
from services.notifications.repository import People
from services.notifications.schemas import BookingView
from services.notifications.service import BOOKING_UPDATES, News
from services.notifications.settings import settings_of
from shared.db import Session
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
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserDeactivated, UserRegistered, UserUpdated
from shared.events.messaging import ConversationRead, MessageCreated
from shared.events.payments import (
    OrderRefunded,
    OrderRefundFailed,
    PayoutEvent,
    PayoutFailed,
    PayoutPaid,
    PayoutRejected,
)
from shared.ids import new_id
from shared.money import Money
from shared.times import render_utc


async def user_registered(session: Session, event: UserRegistered) -> None:
    await People(session).put(**event.model_dump())


async def user_updated(session: Session, event: UserUpdated) -> None:
    await People(session).put(**event.model_dump())


async def booking_confirmed(session: Session, event: BookingConfirmed) -> None:
    booking = event.booking
    await reminders.remember(session, booking)
    await reminders.plan(session, booking, made_at=booking.created_at)
    news = _both_sides(booking, "booking.confirmed", _facts(booking) | _terms(session, booking))
    await service.tell(session, news, _frames(event, "booking.confirmed"))


async def booking_rescheduled(session: Session, event: BookingRescheduled) -> None:
    booking = event.booking
    await reminders.remember(session, booking)
    await reminders.silence(session, booking.id)
    await reminders.plan(session, booking, made_at=event.occurred_at)
    facts = _facts(booking) | {"previous_start": render_utc(event.previous_start_time)}
    news = _both_sides(booking, "booking.rescheduled", facts)
    await service.tell(session, news, _frames(event, "booking.rescheduled"))


async def booking_cancelled(session: Session, event: BookingCancelled) -> None:
    booking = event.booking
    await reminders.remember(session, booking)
    await reminders.silence(session, booking.id)
    facts = (
        _facts(booking)
        | {
            "cancelled_by": CANCELLED_BY[event.cancelled_by],
            "refund": texts.money(event.refund_due) if event.refund_due else "nothing",
        }
        | ({"why": f" Reason: {event.reason}"} if event.reason else {})
    )
    news, frames = _both_sides(booking, "booking.cancelled", facts), _frames(event, "booking.cancelled")
    if not event.was_confirmed:
        news = [replace(news[0], template="booking.hold_cancelled/client")]
        frames = _client_frames(event, "booking.cancelled")
    await service.tell(session, news, frames)


async def booking_expired(session: Session, event: BookingExpired) -> None:
    booking = event.booking
    await reminders.remember(session, booking)
    await reminders.silence(session, booking.id)
    told = "booking.refunded" if event.refunded else "booking.expired"
    news = _to_client(booking, "booking.expired", f"{told}/client", told)
    await service.tell(session, [news], _client_frames(event, "booking.expired", told))


async def booking_started(session: Session, event: BookingStarted) -> None:
    await reminders.remember(session, event.booking)
    await service.publish(session, _frames(event, "booking.in_progress"))


async def booking_completed(session: Session, event: BookingCompleted) -> None:
    await _over(session, event, "booking.completed")


async def booking_no_show(session: Session, event: BookingNoShow) -> None:
    await _over(session, event, "booking.no_show")


async def order_refunded(session: Session, event: OrderRefunded) -> None:
    """A refund of nothing (a late cancellation) is not news."""
    if not event.card and not event.credits:
        return
    booking = {"booking_id": str(event.booking_id)} if event.booking_id else {}
    news = News(
        user_id=event.client_id,
        topic=Topic.PAYMENTS,
        type="refund.issued",
        template="refund.issued",
        cause=f"refund.issued:{event.refund_id}",
        facts={"refund": texts.refund(event.card, event.credits)},
        data={"order_id": str(event.order_id), "refund_id": str(event.refund_id), **booking},
    )
    await service.tell(session, [news])


async def order_refund_failed(session: Session, event: OrderRefundFailed) -> None:
    """The card's part came back: the client learns that it is owed."""
    news = News(
        user_id=event.client_id,
        topic=Topic.PAYMENTS,
        type="refund.failed",
        template="refund.failed",
        cause=f"refund.failed:{event.refund_id}",
        facts={"refund": texts.refund(event.card, Money.zero(event.card.currency))},
        data={"order_id": str(event.order_id), "refund_id": str(event.refund_id)},
    )
    await service.tell(session, [news])


async def payout_paid(session: Session, event: PayoutPaid) -> None:
    await _payout(session, event, "payout.paid")


async def payout_failed(session: Session, event: PayoutFailed) -> None:
    await _payout(session, event, "payout.failed")


async def payout_rejected(session: Session, event: PayoutRejected) -> None:
    await _payout(session, event, "payout.rejected")


async def practitioner_verification_changed(session: Session, event: PractitionerVerificationChanged) -> None:
    """`pending` is the practitioner's own doing (a new application) and no news."""
    kind = f"verification.{event.verification_status}"
    if kind not in texts.TEXTS:
        return
    news = News(
        user_id=event.user_id,
        topic=Topic.ACCOUNT,
        type=kind,
        template=kind,
        cause=f"{kind}:{event.practitioner_id}:{event.version}",
        facts={"name": event.display_name, "note": event.note or ""},
        data={"practitioner_id": str(event.practitioner_id), "verification_status": event.verification_status},
        timezone=event.timezone,
    )
    await service.tell(session, [news])


async def _over(session: Session, event: BookingEvent, kind: str) -> None:
    """The client finds a notice; a mail would be one too many. The copy ends the reminders."""
    await reminders.remember(session, event.booking)
    news = _to_client(event.booking, kind, f"{kind}/client", kind, by_mail=False)
    await service.tell(session, [news], _frames(event, kind))


async def _payout(session: Session, event: PayoutEvent, kind: str) -> None:
    news = News(
        user_id=event.user_id,
        topic=Topic.PAYMENTS,
        type=kind,
        template=kind,
        cause=f"{kind}:{event.payout_id}",
        facts={"amount": texts.money(event.amount), "reason": event.reason or "none was given"},
        data={"payout_id": str(event.payout_id)},
    )
    await service.tell(session, [news])


def _both_sides(booking: BookingSnapshot, kind: str, facts: texts.Facts) -> list[News]:
    """One news for the client and one for the practitioner, once per start of the booking."""
    sides = {"client": booking.client_id, "practitioner": booking.practitioner_user_id}
    return [
        News(
            user_id=user_id,
            topic=Topic.BOOKINGS,
            type=kind,
            template=f"{kind}/{side}",
            cause=_cause(booking, kind),
            facts=facts,
            data={"booking_id": str(booking.id)},
            timezone=booking.timezone,
        )
        for side, user_id in sides.items()
    ]


def _to_client(booking: BookingSnapshot, kind: str, template: str, told: str, *, by_mail: bool = True) -> News:
    return News(
        user_id=booking.client_id,
        topic=Topic.BOOKINGS,
        type=kind,
        template=template,
        cause=_cause(booking, told),
        facts=_facts(booking),
        data={"booking_id": str(booking.id)},
        timezone=booking.timezone,
        by_mail=by_mail,
    )


def _facts(booking: BookingSnapshot) -> dict[str, str]:
    return {"service": booking.service_title, "start": render_utc(booking.start_time)}


def _terms(session: Session, booking: BookingSnapshot) -> dict[str, str]:
    """How long, how much and where; online it is the booking's page, where the address of the pages is known."""
    app_url = settings_of(session).app_url
    where = f"{app_url.rstrip('/')}/bookings/{booking.id}" if app_url else "online"
    return {
        "length": texts.length(booking.end_time - booking.start_time),
        "price": texts.money(booking.total) if booking.total else "free of charge",
        "where": where if booking.delivery == "online" else "in person",
    }


def _cause(booking: BookingSnapshot, told: str) -> str:
    return f"{told}:{booking.id}:{booking.start_version}"


def _client_frames(event: BookingEvent, kind: str, told: str = "") -> list[StoredFrame]:
    """The frame for the client alone: the practitioner never heard of a hold, so hears nothing of its end."""
    return [frame for frame in _frames(event, kind, told) if frame.user_id == event.booking.client_id]


def _frames(event: BookingEvent, kind: str, told: str = "") -> list[StoredFrame]:
    """The frame for both sides; the sides differ, a practitioner cannot book the own service."""
    booking = event.booking
    return [
        StoredFrame(
            id=new_id(),
            user_id=user_id,
            channel=BOOKING_UPDATES,
            cause=_cause(booking, told or kind),
            type=kind,
            data=BookingView.seen_by(user_id, event).model_dump(mode="json"),
            created_at=event.occurred_at,
        )
        for user_id in (booking.client_id, booking.practitioner_user_id)
    ]


CANCELLED_BY = {"client": "the client", "practitioner": "the practitioner", "staff": "our staff"}

CONSUMERS: Consumers = {
    UserRegistered: user_registered,
    UserUpdated: user_updated,
    UserDeactivated: messages.user_deactivated,
    PractitionerVerificationChanged: practitioner_verification_changed,
    BookingConfirmed: booking_confirmed,
    BookingStarted: booking_started,
    BookingCompleted: booking_completed,
    BookingNoShow: booking_no_show,
    BookingCancelled: booking_cancelled,
    BookingExpired: booking_expired,
    BookingRescheduled: booking_rescheduled,
    OrderRefunded: order_refunded,
    OrderRefundFailed: order_refund_failed,
    PayoutPaid: payout_paid,
    PayoutFailed: payout_failed,
    PayoutRejected: payout_rejected,
    MessageCreated: messages.message_created,
    ConversationRead: messages.conversation_read,
    **stream_news.CONSUMERS,
}
