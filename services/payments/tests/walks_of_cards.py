"""A walk with cards: one client saves, pays, removes and subscribes, and banks and Stripe do what they like."""

from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx2

from devtools.testing.callers import headers_for, service_headers
from services.payments.tests.stories import Json, usd
from services.payments.tests.subscribers import SUBSCRIPTIONS
from services.payments.tests.test_webhooks import event_of
from services.payments.tests.vaults import CONFIRM, METHODS
from services.payments.tests.walkers import Nobody, Walker
from shared.records.ids import new_id

CARDS = [
    *("pm_card_visa", "pm_card_mastercard", "pm_card_amex", "pm_card_chargeCustomerFail", "pm_card_chargeDeclined"),
    *("pm_card_authenticationRequired", "pm_card_authenticationRequiredOnSetup"),
]
DECLINES = ["insufficient_funds", "lost_card", "generic_decline"]
FAULTS = ["rate_limited", "server_error", "timeout_after_effect", "idempotency_error"]
CALLS = [
    *("customers.create", "setup_intents.create", "payment_methods.attach", "payment_methods.detach"),
    *("payment_intents.create", "payment_intents.update", "payment_intents.confirm", "payment_intents.retrieve"),
]
NEWS = {
    "pi": ["payment_intent.succeeded", "payment_intent.requires_action", "payment_intent.payment_failed"],
    "seti": ["setup_intent.succeeded", "setup_intent.setup_failed", "setup_intent.canceled"],
    "pm": ["payment_method.automatically_updated", "payment_method.updated", "payment_method.detached"],
    "cus": ["customer.deleted"],
}
KNOWN = """
    select stripe_setup_id from setups where stripe_setup_id is not null
    union select stripe_id from payment_methods union select stripe_id from detachments
    union select intent_id from orders where intent_id is not null
    union select stripe_customer_id from customers where stripe_customer_id is not null
    union select stripe_customer_id from orders where stripe_customer_id is not null
"""


@dataclass
class WalkOfCards(Walker):
    """Each act is what somebody may do at any time. `pages` are those of banks that have not been left."""

    pages: list[str] = field(default_factory=list)

    @property
    def client(self) -> dict[str, str]:
        """Their headers, as a practitioner."""
        return headers_for(self.market.client_id, ("user", "practitioner"), self.market.practitioner_id)

    async def step(self) -> str:
        """Somebody does something; in every fifth step the process dies somewhere. Answers what was done."""
        act = self.rng.choice(ACTS)
        chosen = self.rng.randint(0, 12) if self.rng.random() < 1 / 5 else None
        with self.stage.crashes.armed(chosen), suppress(Nobody):
            await act(self)
        self.counts["crashes"] += self.stage.crashes.hit is not None
        self.counts[act.__name__] += 1
        return act.__name__

    async def asked(self, method: str, path: str, body: Any = None) -> Json | None:
        """The answer's body, if there was one; the bank's page is kept."""
        answer = await self.ask(method, path, body, self.client)
        if answer is None or not answer.content:
            return None
        said: Json = answer.json()
        page = said.get("next_action_url")
        self.pages += [page] if page else []
        return said

    async def save(self) -> None:
        await self.asked("POST", METHODS, {"payment_method": self.rng.choice(CARDS)})

    async def leave_bank(self) -> None:
        if not self.pages:
            raise Nobody
        page = self.pages.pop(self.rng.randrange(len(self.pages)))
        async with httpx2.AsyncClient() as browser:
            await browser.get(page, params={"result": "fail"} if self.rng.random() < 0.3 else None)

    async def pay(self) -> None:
        order_id = str(new_id())
        body = {
            "booking_id": str(new_id()),
            "client_id": str(self.market.client_id),
            "practitioner_id": str(self.market.practitioner_id),
            "title": "Morning yoga",
            "total": usd(self.rng.randint(50, 9_000)),
            "expires_at": (self.market.clock.now() + timedelta(minutes=15)).isoformat(),
        }
        await self.stage.send("PUT", f"/internal/orders/{order_id}/", body, service_headers())
        await self.confirm(order_id)

    async def confirm(self, order_id: str) -> None:
        """One try, with a saved card or another one."""
        means: Json = {"payment_method": self.rng.choice(CARDS), "save": self.rng.random() < 0.6}
        if self.rng.random() < 0.4:
            means = {"payment_method_id": str(await self.one("select id from payment_methods"))}
        await self.asked("POST", CONFIRM, {"order_id": order_id} | means)

    async def pay_bill(self) -> None:
        await self.confirm(str(await self.one("select order_id from periods where status = 'open'")))

    async def choose(self) -> None:
        card = await self.one("select id from payment_methods")
        await self.asked("POST", f"{METHODS}{card}/default/")

    async def remove(self) -> None:
        card = await self.one("select id from payment_methods")
        await self.asked("DELETE", f"{METHODS}{card}/")

    async def subscribe(self) -> None:
        plan = await self.one("select id from plans where code in ('entry', 'organizer')")
        card = await self.one("select id from payment_methods union all select null")
        body = {"plan_id": str(plan), "interval": "month", "payment_method_id": card and str(card)}
        await self.asked("POST", SUBSCRIPTIONS, body)

    async def cancel(self) -> None:
        subscription = await self.one("select id from subscriptions where status <> 'ended'")
        what = self.rng.choice(["cancel", "cancel", "reactivate"])
        await self.asked("POST", f"{SUBSCRIPTIONS}{subscription}/{what}/")

    async def change_plan(self) -> None:
        subscription = await self.one("select id from subscriptions where status <> 'ended'")
        plan = await self.one("select id from plans where code in ('entry', 'premium', 'organizer')")
        body = {"plan_id": str(plan), "interval": self.rng.choice(["month", "year"])}
        await self.asked("POST", f"{SUBSCRIPTIONS}{subscription}/change/", body)

    async def pay_change(self) -> None:
        await self.confirm(str(await self.one("select order_id from plan_changes where status = 'pending'")))

    async def pause(self) -> None:
        subscription = await self.one("select id from subscriptions where status <> 'ended'")
        until = self.market.clock.now() + timedelta(days=self.rng.randint(1, 190))
        body = {"until": until.isoformat()} if self.rng.random() < 0.7 else {}
        await self.asked("POST", f"{SUBSCRIPTIONS}{subscription}/pause/", body)

    async def resume(self) -> None:
        subscription = await self.one("select id from subscriptions where status <> 'ended'")
        await self.asked("POST", f"{SUBSCRIPTIONS}{subscription}/resume/")

    async def bank_changes_card(self) -> None:
        card = await self.one("select stripe_id from payment_methods")
        change: Json = self.rng.choice(
            [
                {"exp_month": 3, "exp_year": self.rng.choice([2020, 2044])},
                {"last4": self.rng.choice(["4242", "0341", "1881"])},
                {"declined": self.rng.choice(DECLINES)},
                {"becomes": "pm_card_visa"},
            ]
        )
        await self.stage.happen("card", card, **change)

    async def detach_at_stripe(self) -> None:
        card = await self.one("select stripe_id from payment_methods")
        with suppress(httpx2.RemoteProtocolError):  # it may fail as our calls do
            await self.market.stripe_api.post(f"/payment_methods/{card}/detach")

    async def delete_at_stripe(self) -> None:
        if self.rng.random() < 0.8:
            raise Nobody
        customer = await self.one("select stripe_customer_id from customers where stripe_customer_id <> ''")
        await self.market.stripe_api.delete(f"/customers/{customer}")

    async def hear(self) -> None:
        """Some of what Stripe has to say, late, twice, in any order, and about nothing too."""
        with self.stage.crashes.paused():
            known = [row[0] for row in await self.market.sql(KNOWN)]
        for stripe_id in self.rng.choices(known, k=self.rng.randint(1, 6)) if known else ():
            await self.stage.hear(event_of(self.rng.choice(NEWS[stripe_id.partition("_")[0]]), stripe_id))

    async def time_passes(self) -> None:
        self.market.clock.advance(timedelta(hours=self.rng.choice([0.2, 1, 20, 24, 72, 400])))

    async def work(self) -> None:
        await self.stage.work()

    async def calls_fail(self) -> None:
        await self.faults(self.rng.sample(CALLS, 2), self.rng.choice(FAULTS), self.rng.randint(1, 3))

    async def faults(self, calls: list[str], error: str, times: int) -> None:
        """So many of the next requests of these calls fail."""
        url = str(self.market.stripe_api.base_url).split("/sandbox/")[0] + "/api/v1/sandbox/stripe/faults/"
        body = {"calls": calls, "error": error, "times": times}
        answer = await self.market.stripe_api.post(url, json=body, headers=headers_for(roles=("user", "staff")))
        assert answer.status_code == 200, answer.text

    async def settle(self) -> None:
        """Every answer comes, every page is left, and all is heard of."""
        await self.faults(CALLS, FAULTS[0], 0)
        while self.unanswered:
            await self.repeat()
        while self.pages:
            await self.leave_bank()
        for _ in range(2):
            for (stripe_id,) in await self.market.sql(KNOWN):
                for kind in NEWS[stripe_id.partition("_")[0]]:
                    await self.stage.hear(event_of(kind, stripe_id))
            await self.stage.work()


W = WalkOfCards
ACTS = [
    *[W.save, W.pay, W.leave_bank, W.hear, W.work] * 3,
    *[W.choose, W.remove, W.subscribe, W.pay_bill, W.time_passes, W.calls_fail, W.bank_changes_card, W.repeat] * 2,
    *[W.change_plan, W.pay_change, W.pause, W.resume] * 2,
    *[W.cancel, W.detach_at_stripe, W.delete_at_stripe],
]
