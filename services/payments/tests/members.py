"""A client who has a membership, in a line each."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2

from devtools.testing.callers import service_headers
from services.payments.tests.scenes import Json, Market, Sale
from services.payments.tests.subscribers import PLANS, Subscriber
from shared.events.booking import BookingConfirmed
from shared.records.ids import derived_id, new_id

ADMIN_PLANS = "/api/v1/admin/plans/"


def money(amount: int, currency: str = "USD") -> Json:
    """As bodies have it."""
    return {"amount": amount, "currency": currency}


def club(code: str = "club", **features: Any) -> Json:
    """A plan for members: 30.00 a month for credits of 10.00 and two sessions of up to 60.00."""
    granted = {"credits": money(1000), "sessions": 2, "session_value": money(6000)}
    return {
        "kind": "membership",
        "code": code,
        "name": "Club",
        "level": 1,
        "prices": [{"interval": "month", "price": money(3000)}, {"interval": "year", "price": money(30_000)}],
        "features": granted | features,
    }


@dataclass
class Member:
    """The market's client."""

    market: Market
    subscriber: Subscriber

    async def offer(self, **features: Any) -> Json:
        """Staff offer the club."""
        answer = await self.market.api.post(ADMIN_PLANS, json=club(**features), headers=self.market.staff)
        assert answer.status_code == 201, answer.text
        made: Json = answer.json()
        return made

    async def join(self, interval: str = "month", **features: Any) -> Json:
        """A membership whose first period is paid by a saved card."""
        await self.offer(**features)
        return await self.subscriber.active(code="club", interval=interval)

    async def benefits(self, made: Json) -> tuple[int, int]:
        """The credits that the present period granted, and the sessions that are left of it."""
        shown = (await self.subscriber.show(made["id"]))["benefits"]
        return shown["credits_granted"]["amount"], shown["sessions_left"]

    async def ask(self, price: int = 5000, order_id: UUID | None = None, **more: Any) -> httpx2.Response:
        """What booking asks for at a checkout that the membership is to pay; the answer as it comes."""
        booking_id = str(more.pop("booking_id", new_id()))
        line = {
            "id": str(derived_id(UUID(booking_id), "line")),
            "practitioner_id": str(self.market.practitioner_id),
            "booking_id": booking_id,
            "description": "Morning yoga",
            "gross_amount": money(price),
        }
        body = {
            "kind": "booking",
            "client_id": str(self.market.client_id),
            "title": "Morning yoga",
            "lines": [line],
            "use_membership": True,
            "expires_at": (self.market.clock.now() + timedelta(minutes=15)).isoformat(),
        } | more
        path = f"/internal/orders/{order_id or new_id()}/"
        return await self.market.api.put(path, json=body, headers=service_headers())

    async def book(self, price: int = 5000) -> Sale:
        """A seat that the membership has paid, of which payments has not heard of the booking yet."""
        booking_id = new_id()
        answer = await self.ask(price, booking_id=booking_id)
        assert answer.status_code == 200, answer.text
        return Sale(UUID(answer.json()["order_id"]), self.market.snapshot(booking_id, answer.json()))

    async def booked(self, price: int = 5000) -> Sale:
        """The same, and it is confirmed."""
        sale = await self.book(price)
        await self.market.tell(BookingConfirmed(booking=sale.booking))
        return sale

    async def give_back(self, sale: Sale, price: int | None = None, refund_id: UUID | None = None) -> None:
        """What booking asks for when all of it is given back."""
        parts = await self.market.refunded(sale, price, refund_id=refund_id, cancels=True)
        assert parts == (0, 0)

    async def balances(self) -> dict[str, int]:
        """What is on each of the ledger's accounts, without zeros; credits are above zero."""
        rows = await self.market.sql(
            """
            select a.kind, sum(case when t.credit_id = a.id then t.amount else -t.amount end)::bigint
            from payments.ledger_accounts a join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
            group by a.kind
            """
        )
        return {kind: balance for kind, balance in rows if balance}

    async def listed(self) -> list[Json]:
        """The plans for members."""
        answer = await self.market.api.get(f"{PLANS}?kind=membership")
        found: list[Json] = answer.json()["results"]
        return found
