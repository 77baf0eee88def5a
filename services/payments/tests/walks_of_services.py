"""What services do beside booking's checkouts: they capture what is authorised, and hold what is earned."""

from typing import Any

from devtools.testing.callers import service_headers
from services.payments.tests.test_webhooks import event_of
from services.payments.tests.walkers import Nobody, Walker
from shared.records.ids import new_id


class ServiceWalker(Walker):
    """Each act is what a service, or staff at Stripe, may do at any time."""

    async def capture(self) -> None:
        order_id = await self.one("select id from orders where status = 'authorized'")
        await self.booking(f"{order_id}/capture/", None)

    async def capture_there(self) -> None:
        """In Stripe's dashboard, and mostly in part."""
        by_card = "where status = 'authorized' and amount_due > 0"
        intent_id = await self.one(f"select intent_id from orders {by_card}")
        ((due,),) = await self.market.sql("select amount_due from orders where intent_id = :id", id=intent_id)
        found = await self.intent(intent_id)
        if found["status"] != "requires_capture":
            raise Nobody
        body = {"amount_to_capture": self.rng.choice([due, self.rng.randint(1, due)])}
        assert (await self.market.stripe_api.post(f"/payment_intents/{intent_id}/capture", data=body)).is_success
        self.unheard.append(event_of("payment_intent.succeeded", intent_id))
        self.unheard.append(event_of("charge.refunded", found["latest_charge"]))

    async def hold_lines(self) -> None:
        line_id = await self.one("select id from order_lines")
        await self.holds("PUT", str(new_id()), {"cause": "dispute", "line_ids": [str(line_id)]})

    async def hold_payouts(self) -> None:
        seller = str(self.market.practitioner_id)
        await self.holds("PUT", str(new_id()), {"cause": "staff", "practitioner_id": seller})

    async def end_hold(self) -> None:
        """One that may not have been heard of yet: then it never holds anything."""
        if not self.causes:
            raise Nobody
        await self.holds("DELETE", self.causes.pop(self.rng.randrange(len(self.causes))), None)

    async def holds(self, method: str, cause_id: str, body: Any) -> None:
        if method == "PUT":
            self.causes.append(cause_id)
        await self.ask(method, f"/internal/holds/{cause_id}/", body, service_headers(), keyed=False)
