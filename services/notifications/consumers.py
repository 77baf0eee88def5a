"""What notifications does when something happened elsewhere: keep its copies, tell people, feed the sockets."""

from services.notifications import booking_news, departures, messages, service, staff_news, stream_news, texts
from services.notifications.domain import Topic
from services.notifications.mails import Mails
from services.notifications.people import People
from services.notifications.service import Notification
from shared.database.session import Session
from shared.events.base import Consumers
from shared.events.catalog import (
    PractitionerApplied,
    PractitionerEvent,
    PractitionerUpdated,
    PractitionerVerificationChanged,
)
from shared.events.identity import UserRegistered, UserUpdated
from shared.events.messaging import ConversationRead, MessageCreated, SubjectForgotten
from shared.events.payments import (
    OrderRefunded,
    OrderRefundFailed,
    PayoutEvent,
    PayoutFailed,
    PayoutPaid,
    PayoutRejected,
)
from shared.records.money import Money


async def user_registered(session: Session, event: UserRegistered) -> None:
    await People(session).put(**event.model_dump())


async def user_updated(session: Session, event: UserUpdated) -> None:
    await People(session).put(**event.model_dump())


async def practitioner_changed(session: Session, event: PractitionerEvent) -> None:
    await People(session).put_practitioner(
        user_id=event.user_id, display_name=event.display_name, version=event.version
    )


async def order_refunded(session: Session, event: OrderRefunded) -> None:
    """A refund of nothing (a late cancellation) is not news."""
    if not event.card and not event.credits:
        return
    booking = {"booking_id": str(event.booking_id)} if event.booking_id else {}
    news = Notification(
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
    news = Notification(
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
    """`pending` is the practitioner's own doing (a new application) and no news. A decision ends the one before it."""
    await practitioner_changed(session, event)
    kind = f"verification.{event.verification_status}"
    if kind not in texts.TEXTS:
        return
    await Mails(session).drop(event.user_id, templates="verification.")
    news = Notification(
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


async def _payout(session: Session, event: PayoutEvent, kind: str) -> None:
    await staff_news.withdraw(session, event.payout_id)
    news = Notification(
        user_id=event.user_id,
        topic=Topic.PAYMENTS,
        type=kind,
        template=kind,
        cause=f"{kind}:{event.payout_id}",
        facts={"amount": texts.money(event.amount), "reason": event.reason or "none was given"},
        data={"payout_id": str(event.payout_id)},
    )
    await service.tell(session, [news])


CONSUMERS: Consumers = {
    UserRegistered: user_registered,
    UserUpdated: user_updated,
    PractitionerApplied: practitioner_changed,
    PractitionerUpdated: practitioner_changed,
    PractitionerVerificationChanged: practitioner_verification_changed,
    OrderRefunded: order_refunded,
    OrderRefundFailed: order_refund_failed,
    PayoutPaid: payout_paid,
    PayoutFailed: payout_failed,
    PayoutRejected: payout_rejected,
    MessageCreated: messages.message_created,
    ConversationRead: messages.conversation_read,
    SubjectForgotten: messages.subject_forgotten,
    **booking_news.CONSUMERS,
    **departures.CONSUMERS,
    **staff_news.CONSUMERS,
    **stream_news.CONSUMERS,
}
