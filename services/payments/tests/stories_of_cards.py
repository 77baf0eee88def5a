"""Cards: saved, paid with, saved with a payment or before it, removed, and erased with their owner."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from devtools.testing.callers import headers_for
from devtools.testing.delivery import erase
from services.payments.orders.domain import Saving
from services.payments.tests.stories import Json, Story
from services.payments.tests.vaults import CONFIRM, METHODS, Wallet
from shared.records.ids import new_id


@dataclass
class Save(Story):
    """The client saves a card."""

    async def prepare(self) -> None:
        market = self.market
        self.wallet = Wallet(market.app, market.api, market.stripe_api, market.clock, market.client_id)

    async def act(self) -> None:
        body = {"payment_method": "pm_card_mastercard"}
        await self.send("POST", METHODS, body, headers_for(self.market.client_id))

    async def check(self) -> None:
        assert self.answered(201)["method"]["last4"] == "4444"
        await self.are_the_same("4444")

    async def are_the_same(self, *last4: str) -> None:
        """The client has these cards, each once, and Stripe's customer has the same."""
        theirs = {card["id"] for card in await self.wallet.at_stripe()}
        ours = await self.wallet.sql("select stripe_id, last4 from payments.payment_methods")
        assert theirs == {row.stripe_id for row in ours}
        assert sorted(row.last4 for row in ours) == sorted(last4)


@dataclass
class PayWithSaved(Save):
    """The client pays with a saved card."""

    async def prepare(self) -> None:
        await super().prepare()
        self.card = await self.wallet.save()
        self.order_id = (await self.market.open_order(9_999))["order_id"]
        self.paid = 9_999

    async def act(self) -> None:
        await self.confirm(payment_method_id=self.card["id"])

    async def confirm(self, **means: Any) -> None:
        body: Json = {"order_id": str(self.order_id)} | means
        await self.send("POST", CONFIRM, body, headers_for(self.market.client_id))

    async def check(self) -> None:
        assert self.answered()["status"] == "succeeded"
        assert await self.stage.charges(self.order_id) == [self.paid]
        await self.are_the_same("4242")


@dataclass
class PayAndSave(PayWithSaved):
    """The card is saved with its payment."""

    async def act(self) -> None:
        await self.confirm(payment_method="pm_card_visa", save=True)


@dataclass
class SaveAndPay(PayWithSaved):
    """The card is saved before its payment, since the bill may be charged while the client is away."""

    async def prepare(self) -> None:
        await super().prepare()
        self.order_id = str(await self.wallet.bill(Saving.BEFORE))
        self.paid = 7_900

    async def act(self) -> None:
        await self.confirm(payment_method="pm_card_visa", save=True)


@dataclass
class OpenWithSaved(PayWithSaved):
    """Booking opens an order that a saved card pays at once."""

    booking_id: UUID = field(default_factory=new_id)

    async def prepare(self) -> None:
        await super().prepare()
        self.order_id = str(new_id())
        self.body = {
            "booking_id": str(self.booking_id),
            "client_id": str(self.market.client_id),
            "practitioner_id": str(self.market.practitioner_id),
            "title": "Morning yoga",
            "total": {"amount": 9_999, "currency": "USD"},
            "payment_method_id": self.card["id"],
            "expires_at": self.market.clock.now().replace(year=2030).isoformat(),
        }

    async def act(self) -> None:
        await self.ask(f"{self.order_id}/", self.body, "PUT")

    async def check(self) -> None:
        assert self.answered()["status"] == "paid"
        assert await self.stage.charges(self.order_id) == [9_999]
        await self.are_the_same("4242")


@dataclass
class Remove(PayWithSaved):
    """The client removes a card."""

    async def act(self) -> None:
        await self.send("DELETE", f"{METHODS}{self.card['id']}/", None, headers_for(self.market.client_id))

    async def check(self) -> None:
        assert self.answers[-1].status_code in (204, 404)
        await self.are_the_same()


@dataclass
class Erase(PayWithSaved):
    """The client is erased, and Stripe's customer with them."""

    async def prepare(self) -> None:
        self.market.client_id = new_id()
        await Save.prepare(self)
        await self.wallet.save()
        self.customer_id = str(
            await self.stage.one(
                "select stripe_customer_id from customers where user_id = :id", id=self.market.client_id
            )
        )
        await erase(self.market.app, self.market.client_id)

    async def act(self) -> None:
        await self.market.work()

    async def check(self) -> None:
        gone = (await self.market.stripe_api.get(f"/customers/{self.customer_id}")).json()
        assert gone["deleted"] is True
        user_id = self.market.client_id
        assert await self.stage.one("select count(*) from customers where user_id = :id", id=user_id) == 0
