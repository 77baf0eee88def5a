"""Where Stripe calls us."""

from fastapi import APIRouter, Request

from services.payments.runtime import Rt
from services.payments.webhooks import service
from services.payments.webhooks.errors import BadEvent, BadSignature
from services.payments.webhooks.handlers import HANDLERS
from shared.web.http import UnkeyedRoute, View, errors_of

router = APIRouter(prefix="/api/v1", route_class=UnkeyedRoute, tags=["webhooks"])


class Received(View):
    """Stripe reads only the status, people may read this."""

    received: bool = True


@router.post("/webhooks/stripe/", responses=errors_of(BadSignature, BadEvent))
async def receive_stripe_webhook(request: Request, runtime: Rt) -> Received:
    """Stores a signed event; duplicates are welcome, what is not signed changes nothing."""
    payload = await request.body()
    service.verify(payload, request.headers.get("stripe-signature"), runtime.settings.webhook_secrets)
    async with runtime.db.autocommit() as session:
        await service.receive(session, payload, HANDLERS, live=runtime.settings.stripe_is_live)
    return Received()
