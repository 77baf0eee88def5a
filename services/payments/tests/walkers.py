"""Who walks: asks until there is an answer, delivers what was published, and sets what Stripe and banks do."""

import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from devtools.testing.callers import service_headers
from devtools.testing.delivery import envelope_of
from services.payments.tests.scenes import Market
from services.payments.tests.stories import Json, Stage
from services.payments.tests.test_webhooks import event_of
from shared.events.base import Envelope
from shared.records.ids import new_id

NO_ANSWER = (502, 503)
Call = tuple[str, str, Any, dict[str, str]]


class Nobody(Exception):
    """There is nobody to whom this could happen."""


@dataclass
class Checkout:
    """A booking as booking has it: what became of it."""

    order: Json
    booking_id: UUID
    news: list[Envelope] = field(default_factory=list)
    state: str = "open"
    refund_id: UUID = field(default_factory=new_id)


@dataclass
class Walker:
    """Whoever gets no answer asks again later, with the same key."""

    stage: Stage
    rng: random.Random
    account: Json
    checkouts: dict[str, Checkout] = field(default_factory=dict)
    unanswered: list[Call] = field(default_factory=list)
    unheard: list[str] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def market(self) -> Market:
        """Who takes part."""
        return self.stage.market

    async def ask(self, method: str, path: str, body: Any, headers: dict[str, str], *, keyed: bool = True) -> Any:
        """Sends it; what gets no answer is kept, and None returned."""
        key = {"Idempotency-Key": new_id().hex} if keyed else {}
        return await self.send((method, path, body, headers | key))

    async def send(self, call: Call) -> Any:
        """Sends it, for the first time or again."""
        if call not in self.unanswered:
            self.unanswered.append(call)
        answer = await self.stage.send(*call)
        assert answer.status_code != 500, (call, answer.text)
        if answer.status_code in NO_ANSWER or "request_in_progress" in answer.text:
            self.counts["no answer"] += 1
            return None
        self.unanswered.remove(call)
        self._keep(call, answer)
        return answer

    def _keep(self, call: Call, answer: Any) -> None:
        self.counts[f"{call[0]} {answer.status_code}"] += 1
        if call[0] == "PUT" and "/orders/" in call[1] and answer.status_code == 200:
            self.checkouts[answer.json()["order_id"]].order = answer.json()

    async def repeat(self) -> None:
        """Whoever got no answer asks again."""
        await self.stage.hurry()
        for call in self.unanswered[:]:
            await self.send(call)

    async def booking(self, path: str, body: Any) -> Any:
        """Booking asks."""
        return await self.ask("POST", f"/internal/orders/{path}", body, service_headers(), keyed=False)

    async def published(self, checkout: Checkout, event: Any, state: str) -> None:
        """Booking's event is on its way, once and again."""
        checkout.state = state
        checkout.news.append(envelope_of(event, self.market.clock.now()))
        await self.deliver()

    async def deliver(self) -> None:
        """What waits to be delivered; an event whose delivery fails waits on, before all later ones."""
        for checkout in self.checkouts.values():
            while checkout.news:
                await self.stage.published(checkout.news[0])
                checkout.news.pop(0)

    def some(self, *states: str) -> tuple[str, Checkout]:
        """One of the bookings in these states; raises Nobody where there is none."""
        found = [(each, it) for each, it in self.checkouts.items() if it.state in states and it.order]
        if not found:
            raise Nobody
        return self.rng.choice(found)

    async def one(self, query: str, **values: Any) -> Any:
        """One of what the database answers; raises Nobody where there is none."""
        rows = await self.market.sql(f"{query} order by 1", **values)
        if not rows:
            raise Nobody
        return self.rng.choice(rows)[0]

    async def control(self, name: str, **body: Any) -> int:
        """Something is set at the sandbox, outside of Stripe's interface."""
        url = f"{str(self.market.stripe_api.base_url).split('/sandbox/')[0]}/api/v1/sandbox/stripe/{name}/"
        answer = await self.market.stripe_api.post(url, json=body, headers=self.market.staff)
        assert answer.status_code in (200, 404, 409), answer.text
        return int(answer.status_code)

    async def fail_no_more(self) -> None:
        await self.control("faults", times=0)

    async def happen(self, kind: str, what: str, about: str, *, account: str = "", **more: Any) -> None:
        """It happens at Stripe, if it can; its webhook is on its way."""
        await self.fail_no_more()
        if await self.control("happen", what=what, id=about, **more) == 200 and kind:
            self.unheard.append(event_of(kind, about, **({"account": account} if account else {})))

    async def intent(self, intent_id: str) -> Json:
        await self.fail_no_more()
        found: Json = (await self.market.stripe_api.get(f"/payment_intents/{intent_id}")).json()
        return found
