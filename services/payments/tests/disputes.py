"""Clients' banks that dispute payments."""

import asyncio
from datetime import timedelta

import httpx2

from devtools.testing.callers import headers_for
from devtools.testing.waiting import PATIENCE
from services.payments.tests.scenes import Market, Sale
from services.payments.tests.test_webhooks import event_of, signed
from shared.events.booking import BookingConfirmed

DISPUTED, INQUIRY = "pm_card_createDispute", "pm_card_createDisputeInquiry"
KINDS = ["charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"]


async def dispute_of(stripe_api: httpx2.AsyncClient, intent_id: str) -> str:
    """Stripe's id of the payment's dispute; it appears within half a second."""
    async with asyncio.timeout(PATIENCE):
        while True:
            if found := (await stripe_api.get("/disputes", params={"payment_intent": intent_id})).json()["data"]:
                return str(found[0]["id"])
            await asyncio.sleep(0.05)


class Disputes:
    """The client's bank: its disputes exist at Stripe before their webhooks are heard of here."""

    def __init__(self, market: Market) -> None:
        self.market = market

    async def sale(self, total: int = 10_000, credits: object = None, card: str = DISPUTED) -> Sale:
        """A confirmed booking, paid by a card whose bank disputes it."""
        made = await self.paid_order(total, credits, card)
        await self.market.tell(BookingConfirmed(booking=made.booking))
        return made

    async def paid_order(self, total: int = 10_000, credits: object = None, card: str = DISPUTED) -> Sale:
        """As `sale`, but payments has not heard of the booking yet."""
        pay = self.market.pay
        self.market.pay = lambda order_id: pay(order_id, card)
        try:
            return await self.market.paid_order(total, credits)
        finally:
            self.market.pay = pay

    async def earned(self, total: int = 10_000, credits: object = None, card: str = DISPUTED) -> Sale:
        """A sale whose net amount is available."""
        made = await self.sale(total, credits, card)
        await self.market.complete(made)
        self.market.clock.advance(timedelta(hours=24))
        await self.market.work()
        return made

    async def id_of(self, sale: Sale) -> str:
        """Stripe's id of the sale's dispute."""
        ((intent,),) = await self.market.sql("select intent_id from payments.orders where id = :id", id=sale.order_id)
        return await dispute_of(self.market.stripe_api, intent)

    async def heard(self, sale: Sale, *kinds: str) -> None:
        """The webhooks of these kinds arrive, each twice, and are acted on."""
        dispute_id = await self.id_of(sale)
        for kind in kinds or KINDS[:1]:
            for _ in range(2):
                payload = event_of(kind, dispute_id)
                url = "/api/v1/webhooks/stripe/"
                assert (await self.market.api.post(url, content=payload, headers=signed(payload))).status_code == 200
                await self.market.work()

    async def ends(self, sale: Sale, how: str) -> None:
        """The bank decides, `won` or `lost`; nothing is heard of it yet."""
        text = {"won": "winning_evidence", "lost": "losing_evidence"}[how]
        url = f"/disputes/{await self.id_of(sale)}"
        answer = await self.market.stripe_api.post(url, data={"evidence[uncategorized_text]": text})
        assert answer.status_code == 200, answer.text

    async def ended(self, sale: Sale, how: str) -> None:
        """The bank decides and it is heard of."""
        await self.ends(sale, how)
        await self.heard(sale, "charge.dispute.closed")

    async def refunds(self, sale: Sale) -> list[tuple[str, int]]:
        """The order's refunds as the client sees them."""
        url = f"/api/v1/payments/orders/{sale.order_id}/"
        shown = (await self.market.api.get(url, headers=headers_for(self.market.client_id))).json()
        return [(each["status"], each["card"]["amount"] + each["credits"]["amount"]) for each in shown["refunds"]]
