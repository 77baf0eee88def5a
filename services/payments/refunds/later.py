"""What Stripe says of refunds later, or of refunds that were made there: nothing that Stripe can change is final."""

from dataclasses import asdict
from uuid import UUID

from services.payments.errors import StripeRefused, StripeUnavailable
from services.payments.orders.models import Order
from services.payments.orders.repository import Orders
from services.payments.orders.service import sync_intent
from services.payments.provider_calls import service as provider_calls
from services.payments.provider_calls.domain import Purpose
from services.payments.refunds import service
from services.payments.refunds.domain import FAILED, MADE_AT_STRIPE, RefundStatus
from services.payments.refunds.models import Refund
from services.payments.refunds.repository import Refunds
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe_objects import StripeRefund
from shared.database.session import Session
from shared.observability.logs import logger
from shared.records.clock import machine_now
from shared.records.ids import derived_id

log = logger()


async def look_at_refund(runtime: PaymentsRuntime, stripe_refund_id: str) -> None:
    """A hint came that this refund changed: fetches it and applies its present state.

    Its payment comes first, which may not have been heard of yet.
    """
    seen = await runtime.stripe.retrieve_refund(stripe_refund_id)
    if seen.intent_id is not None:
        await sync_intent(runtime, seen.intent_id)
    await _apply(runtime, seen)


async def look_at_charge(runtime: PaymentsRuntime, charge_id: str) -> None:
    """A hint came that this charge was refunded: applies every refund of it."""
    async with runtime.db.read() as session:
        order = await Orders(session).of_charge(charge_id)
    if order is not None:
        await look_at_order(runtime, order)


async def look_at_order(runtime: PaymentsRuntime, order: Order) -> None:
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
        await look_at_order(runtime, order)
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
            await _follow(session, order, known, seen)
            return
        ours = await _ours(session, seen, order.id)
        if ours is None:
            await _import(session, order, seen)
            return
    if seen.status not in FAILED:
        await service.conclude(runtime, ours.id, seen)


async def _ours(session: Session, seen: StripeRefund, order_id: UUID) -> Refund | None:
    """Our refund whose request made this one; its answer may not have been noted yet."""
    try:
        found = await Refunds(session).find(UUID(seen.refund_id or ""))
    except ValueError:
        return None
    return found if found is not None and found.order_id == order_id else None


async def _follow(session: Session, order: Order, known: Refund, seen: StripeRefund) -> None:
    if seen.status in FAILED and known.status is not RefundStatus.FAILED:
        if known.status is RefundStatus.SUCCEEDED or known.by == MADE_AT_STRIPE:
            await service.fail(session, order, known, seen.status)
        else:
            # Never confirmed: the job asks for a new one.
            known.next_try_at = machine_now()
    elif seen.status == "succeeded" and known.status is RefundStatus.PENDING:
        service.succeed(session, order, known)


async def _adopt(session: Session, order: Order, seen: StripeRefund) -> bool:
    """Takes it for our unsent refund of that amount: with both, Stripe would have returned more than was paid."""
    waiting = await Refunds(session).unsent(order.id, seen.amount)
    if waiting is None:
        return False
    await provider_calls.learned(session, Purpose.REFUND, waiting.id, asdict(seen))
    waiting.stripe_refund_id, waiting.error, waiting.next_try_at = seen.id, None, machine_now()
    if seen.status == "succeeded":
        service.succeed(session, order, waiting)
    return True


async def _supersede(session: Session, order: Order, missing: int) -> bool:
    """Ends unsent refunds of at least that much, oldest first: what was made at Stripe has left nothing for them.

    What they had taken of the sale is owed, and settled by it. Raises StripeUnavailable while one may still be made.
    """
    taken = []
    for waiting in await Refunds(session).all_unsent(order.id):
        if missing <= 0:
            break
        if await provider_calls.is_asked(session, Purpose.REFUND, waiting.id):
            raise StripeUnavailable
        missing -= waiting.card
        taken.append(waiting)
    for waiting in taken:
        await service.to_owed(session, order, waiting, "another one that was made there")
    await session.flush()
    return bool(taken)


async def _owed_and_left(session: Session, order: Order) -> tuple[int, int]:
    """What failed refunds left owed, and what of the card's part is not refunded."""
    left = service.paid_of(order) - await Refunds(session).refunded(order.id)
    return await Refunds(session).owed(order.id), left.card


async def _import(session: Session, order: Order, seen: StripeRefund) -> None:
    """Books a refund that was made at Stripe, once and from the card's part alone; what it settles comes first."""
    owed, left = await _owed_and_left(session, order)
    missing = seen.amount - left - owed
    if seen.status in FAILED or (missing > 0 and await _adopt(session, order, seen)):
        return
    if missing > 0 and await _supersede(session, order, missing):
        owed, left = await _owed_and_left(session, order)
    card = min(seen.amount, left + owed)
    if card <= 0:
        return
    pending = seen.status != "succeeded"
    made = Refund(
        id=derived_id(order.id, "made at stripe", seen.id),
        order_id=order.id,
        currency=order.currency,
        card=card,
        credits=0,
        settles=min(card, owed),
        status=RefundStatus.PENDING if pending else RefundStatus.SUCCEEDED,
        reason="",
        by=MADE_AT_STRIPE,
        stripe_refund_id=seen.id,
        attempt=1,
        tries=0,
        next_try_at=machine_now() + service.LEASE if pending else None,
        created_at=session.now(),
    )
    await service.book(session, order, made)
