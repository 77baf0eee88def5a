"""What Stripe says of refunds later, or of refunds that were made there: nothing that Stripe can change is final."""

from dataclasses import asdict
from uuid import UUID

from services.payments.orders.models import Order
from services.payments.orders.repository import OrderLines, Orders
from services.payments.orders.service import sync_intent
from services.payments.refunds import execution, service
from services.payments.refunds.domain import FAILED, MADE_AT_STRIPE, RefundStatus, Tenders
from services.payments.refunds.lines import divide
from services.payments.refunds.models import Refund
from services.payments.refunds.repository import Refunds
from services.payments.runtime import PaymentsRuntime
from services.payments.settings import PaymentsSettings
from services.payments.stripe import provider_calls
from services.payments.stripe.domain import Purpose
from services.payments.stripe.errors import StripeRefused, StripeUnavailable
from services.payments.stripe.objects import StripeRefund
from shared.database.session import Session
from shared.observability.logs import logger
from shared.records.currencies import step
from shared.records.ids import derived_id

STILL_ASKED = "Stripe may still make a refund of ours that this one leaves nothing for."
log = logger()


async def sync_refund(runtime: PaymentsRuntime, stripe_refund_id: str) -> None:
    """A hint came that this refund changed: fetches it and applies its present state.

    Its payment comes first, which may not have been heard of yet.
    """
    seen = await runtime.stripe.retrieve_refund(stripe_refund_id)
    if seen.intent_id is not None:
        await sync_intent(runtime, seen.intent_id)
    await _apply(runtime, seen)


async def sync_charge(runtime: PaymentsRuntime, charge_id: str) -> None:
    """A hint came that this charge was refunded: applies every refund of it.

    Its payment may not have been heard of yet.
    """
    intent_id = await runtime.stripe.intent_of_charge(charge_id)
    if intent_id is None:
        return
    await sync_intent(runtime, intent_id)
    async with runtime.db.read() as session:
        order = await Orders(session).of_intent(intent_id)
    if order is not None:
        await sync_refunds_of(runtime, order)


async def sync_refunds_of(runtime: PaymentsRuntime, order: Order) -> None:
    """Applies every refund that Stripe has of the order, so that none made there is missing here."""
    if order.intent_id is None:
        return
    for seen in await runtime.stripe.list_refunds(order.intent_id):
        await _apply(runtime, seen)


async def import_made_at_stripe(runtime: PaymentsRuntime, order_id: UUID) -> None:
    """Books what was refunded at Stripe and not heard of yet, so that no more than what is left is asked for.

    Where Stripe does not answer, the webhook brings it later.
    """
    async with runtime.db.read() as session:
        order = await Orders(session).get(order_id)
    if not service.paid_of(order).card:
        return
    try:
        await sync_refunds_of(runtime, order)
    except (StripeUnavailable, StripeRefused) as error:
        log.warning("refunds.not_imported", order_id=str(order_id), error=repr(error))


async def _apply(runtime: PaymentsRuntime, seen: StripeRefund) -> None:
    async with runtime.db.transaction() as session:
        order = await Orders(session).of_intent(seen.intent_id) if seen.intent_id else None
        if order is None:
            return
        order = await Orders(session).get(order.id, lock=True)
        known = await Refunds(session).of_stripe(seen.id, lock=True)
        if known is not None:
            await execution.follow(session, order, known, seen.status)
            return
        ours = await _ours(session, seen, order.id)
        if ours is None:
            await _import(session, runtime.settings, order, seen)
            return
    await execution.conclude(runtime, ours.id, seen)


async def _ours(session: Session, seen: StripeRefund, order_id: UUID) -> Refund | None:
    """Our refund that waits for the answer to the request which made this one.

    None where ours has another one at Stripe, or has failed meanwhile: then the money of this one has left as well.
    """
    try:
        found = await Refunds(session).find(UUID(seen.refund_id or ""))
    except ValueError:
        return None
    if found is None or found.order_id != order_id or found.stripe_refund_id is not None:
        return None
    return found if found.status is RefundStatus.PENDING else None


async def _adopt(session: Session, order: Order, seen: StripeRefund) -> bool:
    """Takes it for our unsent refund of that amount: with both, Stripe would have returned more than was paid."""
    waiting = await Refunds(session).unsent(order.id, seen.amount)
    if waiting is None:
        return False
    await provider_calls.learned(session, Purpose.REFUND, waiting.id, asdict(seen))
    waiting.stripe_refund_id, waiting.failing_since = seen.id, None
    waiting.start_over()
    await execution.follow(session, order, waiting, seen.status)
    return True


async def _replace(session: Session, order: Order, missing: int) -> list[Refund]:
    """Ends unsent refunds of at least that much, oldest first: what was made at Stripe has left nothing for them.

    What they had taken of the sale is owed, and settled by it. Raises StripeUnavailable while one may still be made.
    """
    ended = []
    for waiting in await Refunds(session).all_unsent(order.id):
        if missing <= 0:
            break
        if await provider_calls.is_asked(session, Purpose.REFUND, waiting.id):
            raise StripeUnavailable(STILL_ASKED)
        missing -= waiting.card
        ended.append(waiting)
    for waiting in ended:
        await execution.fail(session, order, waiting, "Another refund was made at Stripe", replaced=True)
    await session.flush()
    return ended


async def _owed_and_left(session: Session, order: Order) -> tuple[int, int]:
    """What failed refunds left owed, and what of the card's part is not refunded."""
    return await Refunds(session).owed(order.id), order.card_paid - order.refunded_card


async def _import(session: Session, settings: PaymentsSettings, order: Order, seen: StripeRefund) -> None:
    """Books a refund that was made at Stripe, once and from the card's part alone; what it settles comes first.

    Of an order that is not paid it is what Stripe shows of an authorisation that was given back: no money moved.
    """
    if not order.card_paid or not seen.moves_money:
        await _name_released(session, order, seen)
        return
    owed, left = await _owed_and_left(session, order)
    missing = seen.amount - left - owed
    if seen.status in FAILED or (missing > 0 and await _adopt(session, order, seen)):
        return
    ended = await _replace(session, order, missing)
    if ended:
        owed, left = await _owed_and_left(session, order)
    card = min(seen.amount, left + owed)
    if card <= 0:
        log.error("refund.without_payment", stripe_refund_id=seen.id, order_id=str(order.id), amount=seen.amount)
        return
    made = _made_at_stripe(session, order, seen, card, min(card, owed))
    lines = await OrderLines(session).of_order(order.id)
    taken = divide(lines, card - made.settles, [line.left for line in lines], step(order.currency))
    await service.book(session, settings.payout_minimum, order, made, taken)
    rest = sum(each.card for each in ended) - made.settles
    if rest > 0:
        rest_of = _rest_of(session, order, ended[-1], rest)
        await service.book(session, settings.payout_minimum, order, rest_of, [])


async def not_captured(session: Session, order: Order, amount: int) -> None:
    """Books what was authorised and not captured of an order that is just paid: as a refund, which moved no money."""
    made = service.new_refund(session, order, _released_id(order), Tenders(amount, 0), 0)
    made.by, made.status, made.next_try_at = MADE_AT_STRIPE, RefundStatus.SUCCEEDED, None
    lines = await OrderLines(session).of_order(order.id)
    taken = divide(lines, amount, [line.left for line in lines], step(order.currency))
    await service.book(session, 0, order, made, taken)


async def _name_released(session: Session, order: Order, seen: StripeRefund) -> None:
    released = await Refunds(session).find(_released_id(order), lock=True)
    if released is not None:
        released.stripe_refund_id = seen.id


def _released_id(order: Order) -> UUID:
    return derived_id(order.id, "not captured")


def _made_at_stripe(session: Session, order: Order, seen: StripeRefund, card: int, settles: int) -> Refund:
    refund_id = derived_id(order.id, "made at stripe", seen.id)
    made = service.new_refund(session, order, refund_id, Tenders(card, 0), settles)
    made.by, made.stripe_refund_id = MADE_AT_STRIPE, seen.id
    if seen.status == "succeeded":
        made.status, made.next_try_at = RefundStatus.SUCCEEDED, None
    return made


def _rest_of(session: Session, order: Order, replaced: Refund, card: int) -> Refund:
    """What a replaced refund wanted beyond the one that replaced it."""
    rest = service.new_refund(session, order, derived_id(replaced.id, "rest"), Tenders(card, 0), card)
    rest.by, rest.reason = replaced.by, replaced.reason
    return rest
