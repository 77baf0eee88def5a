"""The call that returns money to a card, with the way to find what an earlier one has made."""

from datetime import datetime

from services.payments.orders.repository import Orders
from services.payments.refunds.domain import RefundStatus
from services.payments.refunds.errors import PaymentDisputed
from services.payments.refunds.models import Refund
from services.payments.refunds.repository import Refunds
from services.payments.runtime import PaymentsRuntime
from services.payments.stripe import provider_calls
from services.payments.stripe.domain import Purpose
from services.payments.stripe.errors import StripeRefused, StripeUnavailable
from services.payments.stripe.objects import StripeRefund
from services.payments.stripe.repository import ProviderCalls
from shared.database.session import Session


async def request(runtime: PaymentsRuntime, booked: Refund) -> StripeRefund:
    """Has Stripe make the refund, or asks how it stands. Raises PaymentDisputed where none may be made now.

    What an earlier request has made may have changed since: Stripe repeats its first answer for a key.
    """
    if booked.stripe_refund_id is not None:
        return await runtime.stripe.retrieve_refund(booked.stripe_refund_id)
    async with runtime.db.read() as session:
        order = await Orders(session).get(booked.order_id)
        earlier = await ProviderCalls(session).latest(Purpose.REFUND, booked.id)
    assert order.intent_id is not None, "a card has paid, so there is an intent"
    call = _call(runtime, booked, order.intent_id)
    made = await (provider_calls.look_up(runtime, call) if order.disputed else provider_calls.make(runtime, call))
    if made is None:
        raise PaymentDisputed
    return made if earlier is None else await runtime.stripe.retrieve_refund(made.id)


def _call(runtime: PaymentsRuntime, booked: Refund, intent_id: str) -> provider_calls.Call[StripeRefund]:
    async def send(number: int) -> StripeRefund:
        return await runtime.stripe.refund(intent_id, booked.card, booked.id, number)

    async def find(since: datetime) -> StripeRefund | None:
        return await runtime.stripe.find_refund(intent_id, booked.id)

    async def ready(session: Session) -> None:
        waiting = await Refunds(session).find(booked.id, lock=True)
        if waiting is None or waiting.status is not RefundStatus.PENDING:
            raise StripeUnavailable

    return provider_calls.Call(Purpose.REFUND, booked.id, StripeRefund, send, find, booked.attempt, ready)


async def find_existing(runtime: PaymentsRuntime, booked: Refund) -> StripeRefund | None:
    """The refund that an earlier, lost answer had made: found by our id, since the key may be too old (rule 8)."""
    async with runtime.db.read() as session:
        order = await Orders(session).get(booked.order_id)
    try:
        return await runtime.stripe.find_refund(order.intent_id or "", booked.id)
    except (StripeUnavailable, StripeRefused):
        return None
