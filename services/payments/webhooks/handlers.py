"""Which events mean something to us. The map is at the end; each handler fetches the object, the event is a hint."""

from collections.abc import Awaitable, Callable

from services.payments.orders import service as orders
from services.payments.runtime import PaymentsRuntime
from services.payments.webhooks.models import StripeEvent

Handler = Callable[[PaymentsRuntime, StripeEvent], Awaitable[None]]


async def intent_changed(runtime: PaymentsRuntime, event: StripeEvent) -> None:
    """A payment went on, succeeded, failed or was canceled."""
    await orders.look_at_intent(runtime, event.object_id)


HANDLERS: dict[str, Handler] = {
    "payment_intent.succeeded": intent_changed,
    "payment_intent.processing": intent_changed,
    "payment_intent.requires_action": intent_changed,
    "payment_intent.payment_failed": intent_changed,
    "payment_intent.canceled": intent_changed,
}
