"""What a paid order does. A kind that does more than to receive its money adds a line to the map at the end."""

from collections.abc import Awaitable, Callable, Mapping
from uuid import UUID

from services.payments.credits import service as credits
from services.payments.ledger.domain import Leg, credits_held, order_escrow, promotion_costs, stripe_clearing
from services.payments.ledger.service import post
from services.payments.orders.domain import OrderKind
from services.payments.orders.models import Order
from shared.database.session import Session
from shared.events.payments import CreditsPurchased
from shared.messaging.outbox import emit
from shared.records.ids import derived_id

Handler = Callable[[Session, Order], Awaitable[None]]


async def received(session: Session, order: Order) -> None:
    """Both tenders, and what the platform pays, wait in escrow until what was bought is confirmed, or cancelled; or are
    earned at once."""
    await credits.capture(session, order.id, order.client_id, order.spent)
    held, escrow = credits_held(order.client_id, order.currency), order_escrow(order.currency)
    funded = Leg(promotion_costs(order.currency), escrow, order.discount)
    await post_payment(session, order, card_leg(order), Leg(held, escrow, order.credits_applied), funded)
    await after_payment(session, order)


async def after_payment(session: Session, order: Order) -> None:
    """What waits for no confirmation; the order is paid, and locked."""
    if order.kind in AFTER_PAYMENT:
        await AFTER_PAYMENT[order.kind](session, order)


async def credits_bought(session: Session, order: Order) -> None:
    """The credits are there to be spent."""
    await credits.purchased(session, order.id, order.client_id, order.due)
    emit(session, CreditsPurchased(order_id=order.id, client_id=order.client_id, amount=order.due))


def card_leg(order: Order) -> Leg:
    """The card's part arrives in escrow."""
    return Leg(stripe_clearing(order.currency), order_escrow(order.currency), order.amount_due)


async def post_payment(session: Session, order: Order, *legs: Leg) -> None:
    """Posts what was received for the order; there is one such posting per order."""
    await post(session, posting_id(order.id), "order_paid", legs, {"order_id": order.id})


def posting_id(order_id: UUID) -> UUID:
    """The ledger's event for the payment of that order."""
    return derived_id(order_id, "paid")


FULFILMENT: Mapping[OrderKind, Handler] = dict.fromkeys(OrderKind, received) | {OrderKind.CREDITS: credits_bought}
AFTER_PAYMENT: dict[OrderKind, Handler] = {}
"""What a payment means at once to nouns that stand on this one, by what was bought; `app.py` fills it."""
NOT_CAPTURED: list[Callable[[Session, Order, int], Awaitable[None]]] = []
"""What it means to them that so much of what was authorised was not captured; `app.py` fills it."""
