"""What clients do with their cards, in a line each, and what their banks do."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
from fastapi import FastAPI
from sqlalchemy import text

from devtools.testing.callers import headers_for
from services.payments.orders.domain import LineTerms, OrderKind, Saving, Terms
from services.payments.orders.paying import Tried, charge
from services.payments.orders.service import open_order
from services.payments.runtime import PaymentsRuntime
from services.payments.tests.scenes import happen
from services.payments.vault.setups import sync_setup
from shared.database.session import Session
from shared.records.clock import FixedClock
from shared.records.ids import new_id

METHODS = "/api/v1/payments/methods/"
CONFIRM = "/api/v1/payments/confirm/"
Json = dict[str, Any]


@dataclass
class Wallet:
    """One client's cards."""

    app: FastAPI
    api: httpx2.AsyncClient
    stripe_api: httpx2.AsyncClient
    clock: FixedClock
    client_id: UUID

    @property
    def runtime(self) -> PaymentsRuntime:
        found: PaymentsRuntime = self.app.state.runtime
        return found

    @property
    def headers(self) -> dict[str, str]:
        """The client's."""
        return headers_for(self.client_id)

    async def try_to_save(self, payment_method: str | None = "pm_card_visa", key: str | None = None) -> httpx2.Response:
        """The answer as it comes."""
        body = {} if payment_method is None else {"payment_method": payment_method}
        headers = self.headers | ({} if key is None else {"Idempotency-Key": key})
        return await self.api.post(METHODS, json=body, headers=headers)

    async def setup(self, payment_method: str | None = "pm_card_visa", key: str | None = None) -> Json:
        """The setup of that card."""
        answer = await self.try_to_save(payment_method, key)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    async def save(self, payment_method: str = "pm_card_visa") -> Json:
        """The card, once it is saved."""
        made = await self.setup(payment_method)
        if made["next_action_url"]:
            await self.authenticate(made["next_action_url"])
            await self.hear_of_setups()
            return (await self.cards())[0]
        card: Json = made["method"]
        return card

    async def authenticate(self, url: str, *, passed: bool = True) -> None:
        """What the client does on the bank's page."""
        async with httpx2.AsyncClient() as browser:
            assert (await browser.get(url, params=None if passed else {"result": "fail"})).status_code == 200

    async def hear_of_setups(self) -> None:
        """Every setup's webhook comes, twice."""
        for (stripe_setup_id,) in await self.sql("select stripe_setup_id from payments.setups"):
            for _ in range(2):
                await sync_setup(self.runtime, stripe_setup_id)

    async def cards(self) -> list[Json]:
        """The client's cards, newest first."""
        answer = await self.api.get(METHODS, headers=self.headers)
        assert answer.status_code == 200, answer.text
        listed: list[Json] = answer.json()["results"]
        return listed

    async def change(self, method: str, path: str) -> httpx2.Response:
        """POST `{id}/default/`, DELETE `{id}/`."""
        return await self.api.request(method, f"{METHODS}{path}", headers=self.headers)

    async def sql(self, query: str) -> list[Any]:
        """Rows of the database."""
        async with self.runtime.db.read() as session:
            return list(await session.execute(text(query)))

    async def confirm(self, order_id: Any, **body: Any) -> httpx2.Response:
        """The client tries to pay; the answer as it comes."""
        return await self.api.post(CONFIRM, json={"order_id": str(order_id)} | body, headers=self.headers)

    async def bill(self, saving: Saving = Saving.BEFORE) -> UUID:
        """An order of the client's that may be charged while they are away."""
        line, until = LineTerms(new_id(), "Premium", 7_900), self.clock.now() + timedelta(days=7)
        terms = Terms(OrderKind.SUBSCRIPTION, self.client_id, "Premium", "USD", [line], until, saving=saving)
        return (await open_order(self.runtime, new_id(), terms, None)).id

    async def tried_away(self, order_id: UUID, attempt_id: UUID | None = None, card: str | None = None) -> Tried:
        """One try while the client is away, with that card or the default one."""
        method_id = None if card is None else UUID(card)
        tried = attempt_id or new_id()
        return await charge(self.runtime, order_id, self.client_id, tried, method_id, off_session=True)

    def use(self, **changed: Any) -> None:
        """The service with another runtime."""
        self.app.state.runtime = replace(self.runtime, **changed)

    def bills(self) -> "Bills":
        """Something that is charged to saved cards from here on."""
        found = Bills()
        self.app.state.runtime = replace(self.runtime, card_users=[found])
        return found

    async def run(self, statement: str) -> None:
        """Changes the database."""
        async with self.runtime.db.autocommit() as session:
            await session.execute(text(statement))

    async def due(self, table: str) -> None:
        """What waits in that table is due."""
        past = "now() - interval '1 second'"
        await self.run(f"update payments.{table} set next_try_at = {past} where next_try_at is not null")

    async def happen(self, what: str, stripe_id: str, **more: Any) -> None:
        """Something happens at Stripe that no call of ours causes."""
        await happen(self.stripe_api, what, stripe_id, **more)

    async def in_browser(self, path: str, **body: Any) -> Json:
        """What Stripe.js asks Stripe for, with the publishable key."""
        headers = {"Authorization": "Bearer pk_test_estuary"}
        answer = await self.stripe_api.post(path, data=flat(body), headers=headers)
        assert answer.status_code == 200, answer.text
        answered: Json = answer.json()
        return answered

    async def customer_id(self) -> str:
        """Stripe's id of the client."""
        [(found,)] = await self.sql(
            f"select stripe_customer_id from payments.customers where user_id = '{self.client_id}'"
        )
        return str(found)

    async def charges(self) -> list[Json]:
        """Every payment of the client's at Stripe that succeeded with a saved card, or saved one."""
        params = {"customer": await self.customer_id(), "limit": "100"}
        listed = (await self.stripe_api.get("/payment_intents", params=params)).json()["data"]
        return [one for one in listed if one["status"] == "succeeded"]

    async def at_stripe(self) -> list[Json]:
        """What Stripe's customer has."""
        answer = await self.stripe_api.get(f"/customers/{await self.customer_id()}/payment_methods")
        listed: list[Json] = answer.json()["data"]
        return listed


def flat(body: Json, name: str = "") -> Json:
    """The body as Stripe takes it: `{"card": {"number": 1}}` is `card[number]=1`."""
    found: Json = {}
    for key, value in body.items():
        path = f"{name}[{key}]" if name else key
        found |= flat(value, path) if isinstance(value, dict) else {path: value}
    return found


@dataclass
class Bills:
    """Something that is charged to saved cards later: whether it needs one, and which it was offered."""

    needs: bool = False
    offered: list[tuple[UUID, UUID]] = field(default_factory=list)

    async def needs_card(self, session: Session, user_id: UUID) -> bool:
        """Whether it does."""
        return self.needs

    async def card_offered(self, session: Session, user_id: UUID, method_id: UUID) -> None:
        """Keeps what it was offered."""
        self.offered.append((user_id, method_id))
