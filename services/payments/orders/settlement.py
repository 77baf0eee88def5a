"""What becomes of an order: the one way in for everything that Stripe says, under the order's row lock.

The client's confirm call, webhooks, closing and the reconcile job all call `apply_and_keep`; status only moves forward,
and the same news again changes nothing (rules 5 and 7).
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta

from services.payments.credits import service as credits
from services.payments.orders.domain import TRANSITIONS, Capture, OrderStatus, status_after
from services.payments.orders.errors import IntentMismatch
from services.payments.orders.fulfilment import FULFILMENT, NOT_CAPTURED, card_leg, post_payment
from services.payments.orders.models import Order
from services.payments.orders.repository import AUTHORIZED_RECHECK_AFTER, RECHECK_AFTER, UNCHANGED_RECHECK_AFTER, Orders
from services.payments.stripe.domain import Failure, Intent, IntentStatus
from services.payments.vault.card_users import CardUser
from services.payments.vault.service import keep
from shared.database.session import Session
from shared.events.payments import PaymentAuthorized, PaymentFailed, PaymentSucceeded
from shared.internal.payments import CardError
from shared.messaging.outbox import emit
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.money import Money
from shared.records.state import transition

log = logger()


async def apply_intent(session: Session, intent: Intent) -> Order:
    """Brings the intent's order to where this state of the intent puts it; returns the locked order."""
    if intent.order_id is None:
        raise IntentMismatch(f"{intent.id} belongs to no order")
    order = await Orders(session).get(intent.order_id, lock=True)
    if intent.status is IntentStatus.REQUIRES_ACTION and order.intent_status is not intent.status:
        order.asked_at = session.now()
    _remember(order, intent)
    to = status_after(order.kind, order.status, intent.status)
    if to is not order.status:
        order.paid_at = _paid_at(session, order, intent)
        await move(session, order, to)
        await _give_up_rest(session, order, intent)
    elif intent.failure is not None and intent.status is IntentStatus.REQUIRES_PAYMENT_METHOD:
        _report(session, order, intent.failure)
    return order


async def apply_and_keep(session: Session, users: Sequence[CardUser], intent: Intent) -> Order:
    """The same, and the card that the intent has saved is one of the client's from here on."""
    order = await apply_intent(session, intent)
    if intent.card is not None and intent.has_saved:
        await keep(session, users, order.client_id, intent.card)
    return order


async def _give_up_rest(session: Session, order: Order, intent: Intent) -> None:
    """Where somebody has captured a part at Stripe, the order is paid, and the rest of the card's part went back."""
    rest = order.card_paid - intent.received
    if rest <= 0:
        return
    log.warning("order.captured_in_part", order_id=str(order.id), due=order.amount_due, received=intent.received)
    for handle in NOT_CAPTURED:
        await handle(session, order, rest)


def _paid_at(session: Session, order: Order, intent: Intent) -> datetime | None:
    """When the money was taken, as far as Stripe says so, else now: it may have been heard of late."""
    if order.paid_at is not None or intent.status is not IntentStatus.SUCCEEDED:
        return order.paid_at
    if order.capture is Capture.MANUAL:
        return session.now()  # the charge is as old as its authorisation
    return min(max(intent.charged_at or session.now(), order.created_at), session.now())


def _error_of(intent: Intent) -> dict[str, str | None] | None:
    refused = intent.failure
    if refused is None or intent.status is not IntentStatus.REQUIRES_PAYMENT_METHOD:
        return None
    return {name: getattr(refused, name) for name in CardError.model_fields}


def _remember(order: Order, intent: Intent) -> None:
    if order.intent_id is None:
        order.intent_id, order.client_secret = intent.id, intent.client_secret
    if order.intent_id != intent.id:
        raise IntentMismatch(f"order {order.id} has the intent {order.intent_id}, not {intent.id}")
    if intent.status is IntentStatus.SUCCEEDED and not _may_be(order, intent.received):
        raise IntentMismatch(f"{intent.id} received {intent.received}, not {order.amount_due}")
    order.check_at = machine_now() + _until_next_look(order, intent)
    if order.intent_status is None or not order.intent_status.final:
        order.intent_status, order.watched = intent.status, not intent.status.final
        order.next_action_url = intent.next_action_url if intent.status is IntentStatus.REQUIRES_ACTION else None
        order.card_error = _error_of(intent)
    order.charge_id = intent.charge_id or order.charge_id
    order.capture_before = intent.capture_before or order.capture_before
    order.tries = 0
    order.succeeded()


def _may_be(order: Order, received: int) -> bool:
    """Less than what is due is possible only where it is captured by hand, which can be done at Stripe too."""
    return received == order.amount_due or (order.capture is Capture.MANUAL and 0 < received < order.amount_due)


def _until_next_look(order: Order, intent: Intent) -> timedelta:
    if order.intent_status is not intent.status:
        return RECHECK_AFTER
    return AUTHORIZED_RECHECK_AFTER if intent.status is IntentStatus.REQUIRES_CAPTURE else UNCHANGED_RECHECK_AFTER


def _report(session: Session, order: Order, failure: Failure) -> None:
    """Tells of a refused card once, however often Stripe and the client tell us."""
    if order.last_failure == failure.id or order.status is not OrderStatus.OPEN:
        return
    order.last_failure = failure.id
    emit(
        session,
        PaymentFailed(**order.ids, code=failure.decline_code or failure.code, message=failure.message),
    )


async def move(session: Session, order: Order, to: OrderStatus) -> None:
    """Takes the step, with everything that belongs to it. The caller has the order's lock."""
    transition(order, to, TRANSITIONS)
    await EFFECTS[to](session, order)


async def _authorized(session: Session, order: Order) -> None:
    until = order.capture_before or order.expires_at
    about = {"order_id": order.id, "booking_id": order.booking_id, **order.subject}
    emit(session, PaymentAuthorized(**about, capture_before=until))


async def _paid(session: Session, order: Order) -> None:
    order.paid_at = order.paid_at or session.now()
    await FULFILMENT[order.kind](session, order)
    _announce(session, order, order.credits_applied)


async def _paid_late(session: Session, order: Order) -> None:
    """The card's money is here, the credits are not: booking decides whether to retake or to refund."""
    order.paid_at = order.paid_at or session.now()
    await post_payment(session, order, card_leg(order))
    _announce(session, order, 0)


async def _cancelled(session: Session, order: Order) -> None:
    order.closing_at = order.closing_at or session.now()
    await credits.release(session, order.id, order.client_id, order.spent)


def _announce(session: Session, order: Order, credits_used: int) -> None:
    emit(
        session,
        PaymentSucceeded(
            **order.ids,
            **order.subject,
            amount=order.due,
            credits=Money(credits_used, order.currency),
            paid_at=order.paid_at or session.now(),
        ),
    )


EFFECTS: dict[OrderStatus, Callable[[Session, Order], Awaitable[None]]] = {
    OrderStatus.AUTHORIZED: _authorized,
    OrderStatus.PAID: _paid,
    OrderStatus.PAID_LATE: _paid_late,
    OrderStatus.CANCELLED: _cancelled,
}
