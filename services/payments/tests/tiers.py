"""A tier of a stream, and what streams asks of payments for it, in a line each."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2

from devtools.testing.callers import service_headers
from services.payments.tests.subscribers import PLANS, Json, Subscriber
from shared.records.ids import new_id


def usd(amount: Any) -> Json:
    return {"amount": amount, "currency": "USD"}


@dataclass
class Tier:
    """A paid tier of the practitioner's stream, and what streams asks of payments."""

    subscriber: Subscriber
    stream_id: UUID
    plan_id: UUID
    version: int = 0

    async def put(self, **changes: Any) -> httpx2.Response:
        """Streams offers the tier, each time in another version."""
        self.version += 1
        body = {
            "stream_id": str(self.stream_id),
            "practitioner_id": str(self.subscriber.practitioner_id),
            "level": 1,
            "name": "Friends",
            "price": usd(500),
            "is_active": True,
            "version": self.version,
        } | changes
        return await self.ask("PUT", f"/internal/plans/{self.plan_id}/", body)

    async def ask(self, method: str, path: str, body: Json | None = None, service: str = "streams") -> httpx2.Response:
        return await self.subscriber.wallet.api.request(method, path, json=body, headers=service_headers(service))

    async def listed(self) -> list[Json]:
        """The plans of the stream, as everybody sees them."""
        answer = await self.subscriber.wallet.api.get(f"{PLANS}?kind=stream_tier&stream_id={self.stream_id}")
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["results"]
        return found

    async def try_to_subscribe(self, subscription_id: UUID | None = None, **changes: Any) -> httpx2.Response:
        """The client of the wallet subscribes, as streams asks for it."""
        user_id = str(self.subscriber.wallet.client_id)
        body = {"user_id": user_id, "plan_id": str(self.plan_id), "interval": "month"} | changes
        return await self.ask("PUT", f"/internal/subscriptions/{subscription_id or new_id()}/", body)

    async def subscribe(self, subscription_id: UUID | None = None, **changes: Any) -> Json:
        answer = await self.try_to_subscribe(subscription_id, **changes)
        assert answer.status_code == 200, answer.text
        made: Json = answer.json()
        return made

    async def active(self) -> Json:
        """A subscription whose first month a saved card has paid."""
        card = await self.subscriber.wallet.save()
        made = await self.subscribe(payment_method_id=card["id"])
        assert made["shown"]["status"] == "active", made
        return made

    async def access(self, kind: str = "stream_tier") -> list[Json]:
        """What any service may ask of the client."""
        path = f"/internal/access/?user_id={self.subscriber.wallet.client_id}&kind={kind}"
        answer = await self.ask("GET", path)
        assert answer.status_code == 200, answer.text
        found: list[Json] = answer.json()["results"]
        return found
