"""Orders that are captured by hand, as services and Stripe see them."""

from typing import Any
from uuid import UUID

import httpx2

from devtools.testing.callers import headers_for, service_headers
from services.payments.tests.sales import line, put
from services.payments.tests.scenes import Json, Market
from services.payments.tests.test_webhooks import event_of, signed

ANNA = UUID(int=1)


async def opened(market: Market, *lines: Json, **more: Any) -> str:
    """An open order that is captured by hand."""
    answer = await put(market, lines or [line(10_000, ANNA)], capture="manual", **more)
    assert answer.status_code == 200, answer.text
    order_id: str = answer.json()["order_id"]
    return order_id


async def authorized(market: Market, *lines: Json, **more: Any) -> str:
    """As `opened`, and a card is authorised."""
    order_id = await opened(market, *lines, **more)
    assert (await market.pay(order_id))["status"] == "processing"
    return order_id


async def capture(market: Market, order_id: str) -> httpx2.Response:
    return await market.api.post(f"/internal/orders/{order_id}/capture/", headers=service_headers())


async def capture_there(market: Market, order_id: str, amount: int) -> str:
    """Captures so much of it in Stripe's dashboard, which nobody has heard of yet; answers the intent's id."""
    found = await intent(market, order_id)
    url = f"/payment_intents/{found['id']}/capture"
    assert (await market.stripe_api.post(url, data={"amount_to_capture": amount})).status_code == 200
    return str(found["id"])


async def status(market: Market, order_id: str) -> str:
    url = f"/api/v1/payments/orders/{order_id}/"
    answer = await market.api.get(url, headers=headers_for(market.client_id))
    return str(answer.json()["status"])


async def intent(market: Market, order_id: str) -> Json:
    ((intent_id,),) = await market.sql("select intent_id from payments.orders where id = :id", id=UUID(order_id))
    found: Json = (await market.stripe_api.get(f"/payment_intents/{intent_id}")).json()
    return found


async def hear(market: Market, kind: str, object_id: str) -> None:
    payload = event_of(kind, object_id)
    answer = await market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=signed(payload))
    assert answer.status_code == 200
    await market.work()
