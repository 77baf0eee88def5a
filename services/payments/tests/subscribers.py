"""A practitioner who subscribes to plans of the platform, in a line each."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import httpx2

from devtools.testing.callers import headers_for
from devtools.testing.delivery import events_of
from services.payments.billing.jobs import (
    advance_subscriptions,
    announce_charges,
    drop_unpaid_changes,
    try_offered_cards,
)
from services.payments.invariants import INVARIANTS
from services.payments.plans.service import seed_plans
from services.payments.tests.vaults import Wallet
from shared.events.subscriptions import (
    SubscriptionEvent,
)

PLANS, SUBSCRIPTIONS = "/api/v1/plans/", "/api/v1/subscriptions/"
STAFF = ("user", "staff")
Json = dict[str, Any]


def _monthly(code: str, price: int) -> Json:
    return {
        "kind": "platform",
        "code": code,
        "name": code.title(),
        "level": 3,
        "prices": [{"interval": "month", "price": {"amount": price, "currency": "USD"}}],
        "features": {"service_limit": 50, "commission_rate": "0.1200", "figures": "all"},
    }


@dataclass
class Subscriber:
    """Who subscribes is the wallet's client, and a practitioner."""

    wallet: Wallet
    practitioner_id: UUID
    made: dict[str, Json] = field(default_factory=dict)

    @property
    def headers(self) -> dict[str, str]:
        """The practitioner's."""
        return headers_for(self.wallet.client_id, ("user", "practitioner"), self.practitioner_id)

    async def plan(self, code: str) -> Json:
        """A plan of the install, which has the seeded ones, and those that were made here."""
        if code in self.made:
            return self.made[code]
        await seed_plans(self.wallet.runtime.db, self.wallet.runtime.settings.currency)
        plans = (await self.wallet.api.get(f"{PLANS}?limit=100")).json()["results"]
        found: Json = next(plan for plan in plans if plan["code"] == code)
        return found

    async def make_plan(self, code: str, price: int, **terms: Any) -> Json:
        """Staff make a plan for practitioners, billed by the month."""
        body = _monthly(code, price) | terms
        answer = await self.wallet.api.post("/api/v1/admin/plans/", json=body, headers=headers_for(roles=STAFF))
        assert answer.status_code == 201, answer.text
        self.made[code] = answer.json()
        return self.made[code]

    async def put_plan(self, code: str, price: int, **terms: Any) -> None:
        """Staff change it, for those who subscribe from now on."""
        path = f"/api/v1/admin/plans/{self.made[code]['id']}/"
        answer = await self.wallet.api.put(path, json=_monthly(code, price) | terms, headers=headers_for(roles=STAFF))
        assert answer.status_code == 200, answer.text

    async def ask(self, code: str = "entry", interval: str = "month", **more: Any) -> httpx2.Response:
        """Subscribes; the answer as it comes. `headers` replace the practitioner's."""
        headers = self.headers | more.pop("headers", {})
        body = {"plan_id": (await self.plan(code))["id"], "interval": interval} | more
        return await self.wallet.api.post(SUBSCRIPTIONS, json=body, headers=headers)

    async def subscribe(self, code: str = "entry", interval: str = "month", **more: Any) -> Json:
        """The subscription that was made."""
        answer = await self.ask(code, interval, **more)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    async def active(self, card: str = "pm_card_visa", **more: Any) -> Json:
        """A subscription whose first period is paid by a saved card, which is the default."""
        saved = await self.wallet.save(card)
        made = await self.subscribe(payment_method_id=saved["id"], **more)
        assert made["status"] == "active", made
        return made

    async def show(self, subscription_id: str) -> Json:
        """The subscription as it is now."""
        answer = await self.wallet.api.get(f"{SUBSCRIPTIONS}{subscription_id}/", headers=self.headers)
        assert answer.status_code == 200, answer.text
        shown: Json = answer.json()
        return shown

    async def change(self, subscription_id: str, what: str, **body: Any) -> httpx2.Response:
        """POST `{id}/cancel/` and the like."""
        path = f"{SUBSCRIPTIONS}{subscription_id}/{what}/"
        return await self.wallet.api.post(path, json=body or None, headers=self.headers)

    async def ask_preview(self, subscription_id: str, code: str, interval: str = "month") -> httpx2.Response:
        """What a change of plan would do; the answer as it comes."""
        query = {"plan_id": (await self.plan(code))["id"], "interval": interval}
        path = f"{SUBSCRIPTIONS}{subscription_id}/preview/"
        return await self.wallet.api.get(path, params=query, headers=self.headers)

    async def preview(self, subscription_id: str, code: str, interval: str = "month") -> Json:
        """What a change of plan would do."""
        answer = await self.ask_preview(subscription_id, code, interval)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def ask_to_change(
        self, subscription_id: str, code: str, interval: str = "month", key: str | None = None, **more: Any
    ) -> httpx2.Response:
        """Changes the plan; the answer as it comes."""
        body = {"plan_id": (await self.plan(code))["id"], "interval": interval} | more
        headers = self.headers | ({} if key is None else {"Idempotency-Key": key})
        return await self.wallet.api.post(f"{SUBSCRIPTIONS}{subscription_id}/change/", json=body, headers=headers)

    async def change_to(self, subscription_id: str, code: str, interval: str = "month", **more: Any) -> Json:
        """The subscription after a change of plan."""
        answer = await self.ask_to_change(subscription_id, code, interval, **more)
        assert answer.status_code == 200, answer.text
        changed: Json = answer.json()
        return changed

    async def periods(self, subscription_id: str) -> list[Json]:
        """Its periods, oldest first."""
        path = f"{SUBSCRIPTIONS}{subscription_id}/periods/?limit=100"
        answer = await self.wallet.api.get(path, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return list(reversed(answer.json()["results"]))

    async def pay(self, bill: Json, card: str = "pm_card_visa") -> str:
        """The client's own try; answers what came of it."""
        answer = await self.wallet.confirm(bill["order_id"], payment_method=card)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["status"])

    async def at(self, moment: datetime | str) -> None:
        """It is that time, and the jobs have done what is due."""
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        self.wallet.clock.advance(moment - self.wallet.clock.now())
        await self.work()

    async def later(self, **passed: float) -> None:
        """So much time has passed, and the jobs have done what is due."""
        await self.at(self.wallet.clock.now() + timedelta(**passed))

    async def work(self) -> None:
        """The jobs of subscriptions do what is due."""
        jobs = (drop_unpaid_changes, advance_subscriptions, try_offered_cards)
        while any([await job(self.wallet.runtime) for job in jobs]):
            pass

    async def remind(self) -> None:
        """The job that reminds of charges does what is due."""
        await announce_charges(self.wallet.runtime)

    async def events(self) -> list[SubscriptionEvent]:
        """What was published of subscriptions, in order."""
        return [event for event in await events_of(self.wallet.runtime) if isinstance(event, SubscriptionEvent)]

    async def published(self) -> list[str]:
        """The names of these, without what they begin with."""
        return [type(event).__name__.removeprefix("Subscription") for event in await self.events()]

    async def paid(self) -> list[int]:
        """The amounts of all charges at Stripe that succeeded, oldest first."""
        return [charge["amount"] for charge in reversed(await self.wallet.charges())]

    async def broken(self) -> list[str]:
        """The invariants that do not hold."""
        return [name for name, statement in INVARIANTS.items() if await self.wallet.sql(statement)]

    async def half(self, made: Json) -> None:
        """Half of the subscription's period is left, and the jobs have done what is due."""
        start, end = moment(made["current_period_start"]), moment(made["current_period_end"])
        await self.at(start + (end - start) / 2)

    async def pending(self, code: str = "premium", interval: str = "month") -> Json:
        """The subscription with a change that waits for its payment: there is no card any more; half is left."""
        made = await self.active()
        await self.half(made)
        await self.wallet.run("delete from payments.payment_methods")
        changed = await self.change_to(made["id"], code, interval)
        assert changed["plan"] == made["plan"]
        return changed

    async def lines(self) -> list[tuple[int, int]]:
        """Of the newest change that is billed: what its order's lines cost, and what went back of them."""
        newest = "select order_id from payments.plan_changes where order_id is not null"
        [(order_id,), *_] = await self.wallet.sql(f"{newest} order by created_at desc, id desc")
        path = f"/api/v1/payments/orders/{order_id}/"
        shown = (await self.wallet.api.get(path, headers=self.headers)).json()
        return [(line["gross_amount"]["amount"], line["refunded"]["amount"]) for line in shown["lines"]]

    async def paid_at_stripe(self, changed: Json) -> str:
        """The open bill's card is charged, and nobody here has heard of it; answers the intent's id."""
        where = f"id = '{changed['payment']['order_id']}'"
        [(intent_id,)] = await self.wallet.sql(f"select intent_id from payments.orders where {where}")
        path = f"/payment_intents/{intent_id}/confirm"
        paid = await self.wallet.stripe_api.post(path, data={"payment_method": "pm_card_visa"})
        assert paid.json()["status"] == "succeeded"
        return str(intent_id)


def moment(text: str) -> datetime:
    """A time of an answer."""
    return datetime.fromisoformat(text)


def usd(amount: int) -> Json:
    """So many cents."""
    return {"amount": amount, "currency": "USD"}


def terms(shown: Json) -> tuple[str, str, int, Json | None]:
    """Plan, interval and price that are in force, and the change that is pending."""
    return shown["plan"]["code"], shown["interval"], shown["price"]["amount"], shown["pending_change"]
