"""A client who has a membership, in a line each."""

from dataclasses import dataclass
from typing import Any

from services.payments.tests.scenes import Json, Market
from services.payments.tests.subscribers import PLANS, Subscriber

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
