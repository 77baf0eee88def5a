"""Trying to pay an order with a card: noted, made at Stripe, applied. Every try confirms the order's one intent.

It is noted and applied under the order's lock, and Stripe lets the intent succeed once: whoever tries beside the
client, one of them pays (MN-1).
"""

from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from services.payments.orders.domain import CONFIRMED, OrderKind, Outcome, Saving, outcome_of
from services.payments.orders.errors import OrderClosed
from services.payments.orders.models import Order
from services.payments.orders.repository import Attempts, Orders
from services.payments.orders.schemas import Confirmation, ConfirmPayment
from services.payments.orders.service import with_intent
from services.payments.orders.settlement import apply_and_keep
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe.domain import Failure, Intent, IntentStatus
from services.payments.stripe.errors import BadPaymentMethod, StripeRefused
from services.payments.stripe.requests import CardDeclined, with_another_key
from services.payments.vault.customers import with_customer
from services.payments.vault.metrics import CHARGES
from services.payments.vault.models import PaymentMethod
from services.payments.vault.repository import PaymentMethods
from services.payments.vault.service import keep_quietly, offer
from shared.auth.verification import Caller
from shared.database.idempotency import IdempotentOperation
from shared.database.session import Session
from shared.errors import NotFound
from shared.internal.payments import CardError, CardPayment
from shared.records.ids import derived_id


@dataclass(frozen=True)
class Means:
    """What a try pays with: Stripe's id of a card, which is saved already, or is to be `saved` with the payment.

    `saving` is what the intent needs to know of that, None if nothing; `off_session`: the client is away.
    """

    payment_method: str
    is_saved: bool = False
    saves: bool = False
    saving: bool | None = None
    off_session: bool = False


@dataclass(frozen=True)
class Made:
    """What came of a try at Stripe: the intent, or why there was none. `kept`: the card that was saved before it."""

    intent: Intent | None = None
    failure: Failure | None = None
    kept: PaymentMethod | None = None


@dataclass(frozen=True)
class Tried:
    """How a try ended. `next_action_url`: the bank wants to see the client there. `is_closed`: nothing can pay it."""

    order: Order
    outcome: Outcome
    failure: Failure | None = None
    next_action_url: str | None = None
    is_closed: bool = False

    @property
    def view(self) -> CardPayment:
        """For who opened the order."""
        error = CardError.model_validate(self.failure) if self.failure else None
        return CardPayment(status=self.outcome.value, error=error, next_action_url=self.next_action_url)


async def confirm(
    runtime: PaymentsRuntime, caller: Caller, once: IdempotentOperation, wanted: ConfirmPayment
) -> Confirmation:
    """One try of the client's with one card. A declined card leaves the order open for another.

    On a paid order it answers `succeeded`, on an authorised one `processing`. Raises NotFound for a stranger,
    OrderClosed, BadPaymentMethod.
    """
    async with runtime.db.transaction() as session:
        await once.start(session)
        order = await Orders(session).start_attempt(wanted.order_id, caller.user_id)
        if order is None:
            paid = await _confirmed_before(session, caller.user_id, wanted.order_id)
            answer = Confirmation.of(paid.order.id, paid.outcome)
            await once.done(session, 200, answer)
            return answer
        means = await _means(session, order, wanted)
        await Attempts(session).add(once.id, order, means.payment_method)
    made = await _made(runtime, order, once.id, means)
    async with runtime.db.transaction() as session:
        tried = await _conclude(session, runtime, order.id, once.id, made)
        answer = Confirmation.of(tried.order.id, tried.outcome, tried.failure, tried.next_action_url)
        if not tried.is_closed:
            await once.done(session, 200, answer)
    if tried.is_closed:
        raise OrderClosed
    return answer


async def charge(
    runtime: PaymentsRuntime,
    order_id: UUID,
    client_id: UUID,
    attempt_id: UUID,
    method_id: UUID | None = None,
    *,
    off_session: bool,
) -> Tried:
    """One try with a saved card of the client's, the default one where none is named. The same try again is one try.

    `off_session`: the client is away. Whatever the card's bank says is an outcome, also that the card is gone; on a
    paid order it is `succeeded`. Raises OrderClosed, StripeUnavailable, NotFound for a card that is not the client's,
    and PaymentMethodRequired where there is none.
    """
    async with runtime.db.transaction() as session:
        order = await Orders(session).start_attempt(order_id, client_id)
        if order is None:
            return await _confirmed_before(session, client_id, order_id)
        method = await PaymentMethods(session).chargeable(client_id, method_id)
        means = _saved(order, method, off_session=off_session)
        await Attempts(session).add(attempt_id, order, means.payment_method)
    made = await _made(runtime, order, attempt_id, means)
    async with runtime.db.transaction() as session:
        tried = await _conclude(session, runtime, order.id, attempt_id, made)
    CHARGES.labels("away" if off_session else "there", tried.outcome.value).inc()
    if tried.is_closed:
        raise OrderClosed
    return tried


async def pay_when_opened(runtime: PaymentsRuntime, order: Order, method_id: UUID | None) -> Tried | None:
    """The one try with which an order is opened; None where none is asked for, or it cannot be tried any more.

    The client is there, but for a fee, which is charged a day after it fell due.
    """
    if method_id is None or not order.payable:
        return None
    try:
        attempt_id = derived_id(order.id, "opened")
        away = order.kind is OrderKind.FEE
        return await charge(runtime, order.id, order.client_id, attempt_id, method_id, off_session=away)
    except (OrderClosed, NotFound):
        # It was closed, or the card removed, after an earlier call had opened it.
        return None


async def _confirmed_before(session: Session, client_id: UUID, order_id: UUID) -> Tried:
    order = await Orders(session).get(order_id)
    if order.client_id != client_id:
        raise NotFound
    if order.status not in CONFIRMED:
        raise OrderClosed
    return Tried(order, CONFIRMED[order.status])


async def _means(session: Session, order: Order, wanted: ConfirmPayment) -> Means:
    if wanted.payment_method is None:
        method = await PaymentMethods(session).chargeable(order.client_id, wanted.payment_method_id)
        return _saved(order, method, off_session=False)
    saves = bool(wanted.save) or order.saving is Saving.ALWAYS
    saving = _saving(order, saves=saves and order.saving is not Saving.BEFORE)
    return Means(wanted.payment_method, saves=saves, saving=saving)


def _saved(order: Order, method: PaymentMethod, *, off_session: bool) -> Means:
    return Means(method.stripe_id, is_saved=True, saving=_saving(order, saves=False), off_session=off_session)


def _saving(order: Order, *, saves: bool) -> bool | None:
    """What to say to the intent of saving its card; once a try has asked for that, all later ones say yes or no."""
    was_asked, order.saves_card = order.saves_card, order.saves_card or saves
    return saves if saves or was_asked else None


async def _made(runtime: PaymentsRuntime, order: Order, attempt_id: UUID, means: Means) -> Made:
    order = await with_intent(runtime, order)
    if order.intent_id is None or not order.payable:
        raise OrderClosed
    if not (means.is_saved or means.saves):
        return Made(await _confirmed(runtime, order.intent_id, attempt_id, means))
    customer_id = await _name_customer(runtime, order, order.intent_id, attempt_id)
    if means.saves and order.saving is Saving.BEFORE:
        return await _save_first(runtime, order.client_id, order.intent_id, customer_id, attempt_id, means)
    try:
        return Made(await _confirmed(runtime, order.intent_id, attempt_id, means))
    except (BadPaymentMethod, StripeRefused) as refused:
        if not means.is_saved:
            raise
        code = BadPaymentMethod.code
        return Made(failure=Failure(code, code, None, refused.detail))


async def _confirmed(runtime: PaymentsRuntime, intent_id: str, attempt_id: UUID, means: Means) -> Intent:
    """Of two tries under one attempt's keys one pays at most: it is one intent."""
    send = partial(runtime.stripe.confirm, intent_id, means.payment_method, attempt_id)
    return await with_another_key(partial(send, saving=means.saving, off_session=means.off_session))


async def _name_customer(runtime: PaymentsRuntime, order: Order, intent_id: str, attempt_id: UUID) -> str:
    async def name(customer_id: str) -> str:
        if order.stripe_customer_id != customer_id:
            await with_another_key(partial(runtime.stripe.name_customer, intent_id, customer_id, attempt_id))
            async with runtime.db.autocommit() as session:
                await Orders(session).note_customer(order.id, customer_id)
        return customer_id

    return await with_customer(runtime, order.client_id, name)


async def _save_first(
    runtime: PaymentsRuntime, client_id: UUID, intent_id: str, customer_id: str, attempt_id: UUID, means: Means
) -> Made:
    """Saves the card, whatever becomes of the payment, and charges it while the client is there."""
    attach = partial(runtime.stripe.attach_card, means.payment_method, customer_id, attempt_id)
    try:
        card = await with_another_key(attach)
    except CardDeclined as declined:
        return Made(failure=declined.failure)
    async with runtime.db.transaction() as session:
        kept = await keep_quietly(session, client_id, card)
    attached = replace(means, payment_method=card.id, is_saved=True)
    return Made(await _confirmed(runtime, intent_id, attempt_id, attached), kept=kept)


async def _conclude(session: Session, runtime: PaymentsRuntime, order_id: UUID, attempt_id: UUID, made: Made) -> Tried:
    """Applies what came of the try. A card that was saved before is offered for what else is due once it has paid."""
    intent = made.intent
    failure = intent.failure if intent else made.failure
    outcome = outcome_of(intent.status) if intent else Outcome.FAILED
    conclude = partial(Attempts(session).conclude, attempt_id, outcome, failure.code if failure else None)
    if intent is None:
        await conclude()
        return Tried(await Orders(session).get(order_id), outcome, failure)
    order = await apply_and_keep(session, runtime.card_users, intent)
    await conclude()  # after the order's lock, as a twin of this try takes both
    if outcome is Outcome.REQUIRES_ACTION:
        order.asked_at = session.now()  # also where an earlier try had been asked before
    if made.kept is not None and outcome is Outcome.SUCCEEDED:
        await offer(session, runtime.card_users, made.kept)
    return Tried(
        order=order,
        outcome=outcome,
        failure=failure if outcome is Outcome.FAILED else None,
        next_action_url=intent.next_action_url if outcome is Outcome.REQUIRES_ACTION else None,
        is_closed=intent.status is IntentStatus.CANCELED,
    )
