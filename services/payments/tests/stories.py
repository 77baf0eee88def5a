"""What people and time do to money, as steps that may be interrupted anywhere and are then done again."""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any

import httpx2

from devtools.testing.callers import headers_for, service_headers
from devtools.testing.crashes import Crashes
from devtools.testing.delivery import deliver, events_of
from services.payments.tests.scenes import Market, happen
from services.payments.tests.test_webhooks import signed
from shared.events.base import Envelope, Event
from shared.records.ids import new_id

Json = dict[str, Any]
# What lies ahead in machine time is due at once, and what a dead process had claimed is free.
SOON = [
    "update payments.payouts set next_try_at = now() where next_try_at is not null",
    "update payments.refunds set next_try_at = now() where next_try_at is not null",
    "update payments.stripe_events set next_try_at = now() where next_try_at is not null",
    "update payments.customers set next_try_at = now() where next_try_at is not null",
    "update payments.detachments set next_try_at = now() where next_try_at is not null",
    "update payments.setups set next_try_at = now() where next_try_at is not null",
    "update payments.orders set check_at = now() - interval '1 minute', next_try_at = null",
    "update payments.subscriptions set next_try_at = now() where next_try_at is not null",
    "update payments.card_offers set next_try_at = now() where next_try_at is not null",
    "update payments.provider_calls set last_sent_at = now() - interval '1 minute' where outcome = 'unknown'",
    "update payments.idempotency set locked_until = now() - interval '1 second' where locked_until is not null",
]


def usd(amount: int) -> Json:
    return {"amount": amount, "currency": "USD"}


@dataclass
class Stage:
    """Where stories are played: a market whose process may die."""

    market: Market
    crashes: Crashes

    async def hurry(self) -> None:
        """Lets waiting work be due now."""
        with self.crashes.paused():
            for statement in SOON:
                await self.market.owner_sql(statement)

    async def work(self) -> None:
        """Runs all jobs, with nothing left to wait for."""
        await self.hurry()
        await self.market.work()

    async def send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> httpx2.Response:
        """A request to payments."""
        return await self.market.api.request(method, path, json=body, headers=headers)

    async def hear(self, payload: str) -> None:
        """A webhook arrives, and is acted on."""
        headers = signed(payload)
        assert (await self.market.api.post("/api/v1/webhooks/stripe/", content=payload, headers=headers)).is_success
        await self.market.work()

    async def happen(self, what: str, stripe_id: str, **more: Any) -> None:
        """Something happens at Stripe that no call of ours causes."""
        await happen(self.market.stripe_api, what, stripe_id, **more)

    async def published(self, event: Event | Envelope) -> None:
        """An event of booking arrives."""
        await deliver(self.market.app, event)

    async def listed(self, path: str, account: str = "", **params: Any) -> list[Json]:
        """What Stripe has of it."""
        headers = {"Stripe-Account": account} if account else {}
        answer = await self.market.stripe_api.get(path, params={"limit": 100, **params}, headers=headers)
        found: list[Json] = answer.json()["data"]
        return found

    async def one(self, statement: str, **values: Any) -> Any:
        """The one value that the database answers."""
        ((value,),) = await self.market.sql(statement, **values)
        return value

    async def intent_of(self, order_id: Any) -> str:
        """Stripe's id of the order's intent."""
        return str(await self.one("select intent_id from orders where id = :id", id=order_id))

    async def count(self, kind: type[Event], **fields: Any) -> int:
        """How many such events have left."""
        found = [event for event in await events_of(self.market.runtime) if isinstance(event, kind)]
        return sum(all(str(getattr(event, name)) == str(value) for name, value in fields.items()) for event in found)

    async def credits(self) -> tuple[int, int]:
        """The client's balance, and what is held of it."""
        answer = await self.market.api.get("/api/v1/credits/balance/", headers=headers_for(self.market.client_id))
        return answer.json()["balance"]["amount"], answer.json()["held"]["amount"]

    async def charges(self, order_id: Any) -> list[int]:
        """What cards have paid for the order, at Stripe."""
        listed = await self.listed("/charges", payment_intent=await self.intent_of(order_id))
        return [charge["amount"] for charge in listed if charge["paid"]]

    async def refunds(self, order_id: Any) -> list[int]:
        """What went back to cards for the order, at Stripe."""
        listed = await self.listed("/refunds", payment_intent=await self.intent_of(order_id))
        return [refund["amount"] for refund in listed if refund["status"] not in ("failed", "canceled")]


@dataclass
class Story(ABC):
    """`act` may end anywhere and is then done again; `check` says that its effect is there once."""

    stage: Stage
    key: str = field(default_factory=lambda: str(new_id()))
    answers: list[httpx2.Response] = field(default_factory=list)

    @property
    def market(self) -> Market:
        """Who takes part."""
        return self.stage.market

    async def prepare(self) -> None:
        """What came before; its answers are not part of the story."""
        self.answers.clear()

    @abstractmethod
    async def act(self) -> None:
        """What happens."""

    async def settle(self) -> None:
        """Time passes until nothing is under way any more."""
        await self.stage.work()

    @abstractmethod
    async def check(self) -> None:
        """One effect, here and at Stripe."""

    async def send(self, method: str, path: str, body: Any, headers: dict[str, str]) -> httpx2.Response:
        """A request with the story's key; the answer is kept."""
        self.answers.append(await self.stage.send(method, path, body, headers | {"Idempotency-Key": self.key}))
        return self.answers[-1]

    async def ask(self, path: str, body: Any, method: str = "POST") -> None:
        """A request of booking, which names what it wants by ids of its own; the answer is kept."""
        self.answers.append(await self.stage.send(method, f"/internal/orders/{path}", body, service_headers()))

    def answered(self, status: int = 200) -> Json:
        """The body of the last answer, which has that status."""
        assert self.answers[-1].status_code == status, self.answers[-1].text
        body: Json = self.answers[-1].json()
        return body

    async def buy(self, amount: int) -> None:
        """The client buys credits."""
        who = headers_for(self.market.client_id)
        bought = await self.stage.send("POST", "/api/v1/credits/purchase/", {"amount": usd(amount)}, who)
        assert (await self.market.pay(bought.json()["order_id"]))["status"] == "succeeded"
