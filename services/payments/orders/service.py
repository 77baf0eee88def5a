"""Use cases of orders: open, close, retake. What Stripe says of an intent enters by `apply_intent` alone."""

from collections.abc import Awaitable, Callable
from functools import partial
from uuid import UUID

from services.payments.credits import service as credits
from services.payments.credits.domain import Wish
from services.payments.memberships import service as memberships
from services.payments.orders.domain import TRANSITIONS, UNPAID, Capture, OrderKind, OrderStatus, Saving, Terms
from services.payments.orders.errors import IntentMismatch, OrderChanged, OrderClosed
from services.payments.orders.fulfilment import after_payment
from services.payments.orders.models import Order
from services.payments.orders.rates import rates_of_sale
from services.payments.orders.repository import RECHECK_AFTER, OrderLines, Orders
from services.payments.orders.settlement import apply_and_keep, move
from services.payments.runtime import PaymentsRuntime
from services.payments.settings import PaymentsSettings
from services.payments.stripe.domain import Intent, IntentStatus
from services.payments.stripe.errors import StripeRefused
from services.payments.stripe.requests import with_another_key
from services.payments.vault.customers import sync_customer, with_customer
from services.payments.vault.repository import Customers, PaymentMethods
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.records.clock import machine_now
from shared.records.ids import NIL_UUID, new_id
from shared.records.money import Money
from shared.records.state import transition


async def open_order(
    runtime: PaymentsRuntime, order_id: UUID, terms: Terms, wish: Wish, once: IdempotentOperation | None = None
) -> Order:
    """Opens the order with its PaymentIntent, or answers the one that this id already has, in its present state.

    Where nothing is left for a card it is paid at once. Raises OrderClosed where it was closed before anybody could pay
    it, or where a line of another order has the id of one of its lines, OrderChanged where the known one sells other
    things, InsufficientCredits and AmountTooSmall, NotFound for a saved card that is not the client's, and where no
    membership pays it SubscriptionRequired, NotCovered or NoSessionsLeft.
    """
    async with runtime.db.transaction() as session:
        if once is not None:
            await once.start(session)
        order = await _open(session, runtime.settings, order_id, terms, wish)
    return await with_intent(runtime, order)


async def _open(session: Session, settings: PaymentsSettings, order_id: UUID, terms: Terms, wish: Wish) -> Order:
    order = await Orders(session).add(order_id, terms)
    if order is None:
        return await _opened_before(session, order_id, terms)
    if terms.by_membership:
        await memberships.use(session, terms.client_id, order.id, Money(terms.discount, terms.currency))
    if terms.payment_method_id is not None:
        await PaymentMethods(session).chargeable(terms.client_id, terms.payment_method_id)
    if terms.names_customer:
        order.stripe_customer_id = await Customers(session).stripe_id_of(terms.client_id)
    if applied := await credits.hold(session, order.id, order.client_id, terms.total, wish):
        order.credits_applied, order.amount_due = applied, order.total - applied
    await OrderLines(session).add(order, terms, await rates_of_sale(session, settings, terms), settings.hold_hours)
    if order.amount_due == 0:
        await move(session, order, OrderStatus.PAID if terms.capture is Capture.AUTOMATIC else OrderStatus.AUTHORIZED)
    return order


async def _opened_before(session: Session, order_id: UUID, terms: Terms) -> Order:
    order = await Orders(session).get(order_id)
    if order.status is OrderStatus.CANCELLED and order.intent_id is None:
        raise OrderClosed
    sold = [line.sold for line in await OrderLines(session).of_order(order_id)]
    if (order.kind, order.client_id, sold) != (terms.kind, terms.client_id, terms.sold):
        raise OrderChanged
    return order


async def with_intent(runtime: PaymentsRuntime, order: Order) -> Order:
    """The order with its PaymentIntent, made if a card has to pay and there is none yet.

    An order whose intent Stripe refuses can never be paid: it is closed, and StripeRefused raised.
    """
    if not order.payable or order.intent_id is not None:
        return order
    try:
        intent = await _made_intent(runtime, order)
    except StripeRefused:
        await close_order(runtime, order.id, "refused by Stripe")
        raise
    async with runtime.db.autocommit() as session:
        order = await Orders(session).keep_intent(order.id, intent)
    if order.status is OrderStatus.CANCELLED and order.watched:
        # Closed while Stripe was being asked: nobody has the intent's secret, and nobody shall pay it.
        order = await abandon_intent(runtime, order.id)
    return order


async def _made_intent(runtime: PaymentsRuntime, order: Order) -> Intent:
    """An intent too many moves nothing, since nobody confirms it. Where its customer is gone it is made without one."""
    by_hand, customer_id = order.capture is Capture.MANUAL, order.stripe_customer_id
    create = partial(runtime.stripe.create_intent, order.id, order.due, order.title, by_hand=by_hand)
    if order.saving is Saving.ALWAYS:
        return await with_customer(runtime, order.client_id, partial(_made_saving, create))
    try:
        return await with_another_key(partial(create, customer_id=customer_id))
    except StripeRefused as refused:
        if customer_id is None or refused.param != "customer":
            raise
        await sync_customer(runtime, customer_id)
        return await create(again=new_id())


async def _made_saving(create: Callable[..., Awaitable[Intent]], customer_id: str) -> Intent:
    """It saves its card whoever confirms it, a browser too."""
    return await with_another_key(partial(create, customer_id=customer_id, saves=True))


async def intent_for(runtime: PaymentsRuntime, caller: Caller, order_id: UUID) -> Order:
    """The client's own open order with its intent; raises OrderClosed where it cannot be paid any more."""
    async with runtime.db.read() as session:
        order = await Orders(session).owned_by(caller, order_id)
    if order.payable and runtime.clock.now() < order.expires_at:
        order = await with_intent(runtime, order)
    if not order.payable or runtime.clock.now() >= order.expires_at:
        raise OrderClosed
    return order


async def close_order(runtime: PaymentsRuntime, order_id: UUID, reason: str) -> Order:
    """Ends an order that nobody shall pay any more: its intent is canceled, held credits go back.

    It is `paid` (or `paid_late`) where the payment was faster. An id that is not known yet is closed for ever.
    """
    async with runtime.db.transaction() as session:
        order = await _begin_to_close(session, order_id, reason, runtime.settings.currency)
    if order.status in UNPAID:
        order = await abandon_intent(runtime, order_id)
    return order


async def _begin_to_close(session: Session, order_id: UUID, reason: str, currency: str) -> Order:
    orders = Orders(session)
    order = await orders.find(order_id, lock=True)
    if order is None:
        # A later PUT with this id finds the tombstone; if it came first after all, we find its order.
        order = await orders.add(order_id, _tombstone(session, currency)) or await orders.get(order_id, lock=True)
    if order.status not in UNPAID:
        return order
    order.closing_at, order.close_reason = order.closing_at or session.now(), reason
    order.check_at = machine_now() + RECHECK_AFTER
    if order.intent_id is None:
        await move(session, order, OrderStatus.CANCELLED)
    return order


def _tombstone(session: Session, currency: str) -> Terms:
    return Terms(OrderKind.TOMBSTONE, NIL_UUID, "", currency, (), expires_at=session.now())


async def abandon_intent(runtime: PaymentsRuntime, order_id: UUID) -> Order:
    """Cancels the intent of an order that is closing or cancelled, and applies what came of it.

    Where Stripe can neither cancel it nor say that it succeeded (it is processing) the order is cancelled all the
    same: should the money come, it is late (rule 5), and the reconcile job keeps looking.
    """
    async with runtime.db.transaction() as session:
        order = await Orders(session).get(order_id, lock=True)
        order.cancel_attempts += 1
    if order.intent_id is None:
        return order
    intent = await runtime.stripe.cancel_intent(order.intent_id, order.id, order.cancel_attempts)
    async with runtime.db.transaction() as session:
        order = await apply_and_keep(session, runtime.card_users, intent)
        if order.status in UNPAID:
            await move(session, order, OrderStatus.CANCELLED)
    return order


async def retake(session: Session, order_id: UUID) -> Order:
    """Late payment whose slot was got again: spends the credits that had gone back; the order then counts as paid.

    Raises CreditsGone, and OrderClosed where no money came at all or it has gone back already.
    """
    order = await Orders(session).get(order_id, lock=True)
    if order.status is OrderStatus.PAID:
        return order
    if order.status is not OrderStatus.PAID_LATE or order.refunded:
        raise OrderClosed
    await credits.retake(session, order.id, order.client_id, order.spent)
    transition(order, OrderStatus.PAID, TRANSITIONS)
    await after_payment(session, order)
    return order


async def sync_intent(runtime: PaymentsRuntime, intent_id: str) -> bool:
    """A hint came that this intent changed: fetches it and applies its present state (rule 7).

    False where there is nothing to learn: the order is settled, or the intent is none of ours.
    """
    async with runtime.db.read() as session:
        if await Orders(session).is_settled(intent_id):
            return False
    intent = await runtime.stripe.retrieve_intent(intent_id)
    if intent.order_id is None:
        return False
    if await _is_duplicate(runtime, intent.order_id, intent_id):
        await _cancel_duplicate(runtime, intent.order_id, intent)
        return True
    async with runtime.db.transaction() as session:
        await apply_and_keep(session, runtime.card_users, intent)
    return True


async def _is_duplicate(runtime: PaymentsRuntime, order_id: UUID, intent_id: str) -> bool:
    async with runtime.db.read() as session:
        order = await Orders(session).find(order_id)
    return order is not None and order.intent_id not in (None, intent_id)


async def _cancel_duplicate(runtime: PaymentsRuntime, order_id: UUID, intent: Intent) -> None:
    """Cancels an intent whose answer was lost, so that the order got another one. Raises IntentMismatch if paid."""
    if not intent.status.final:
        intent = await runtime.stripe.cancel_intent(intent.id, order_id, new_id())
    if intent.status is not IntentStatus.CANCELED:
        raise IntentMismatch(f"{intent.id} is {intent.status}, and order {order_id} has another intent")
