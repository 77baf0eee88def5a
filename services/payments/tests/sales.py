"""Orders of several lines, as services open them."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2

from devtools.testing.callers import headers_for, service_headers
from services.payments.tests.scenes import Json, Market, Sale
from shared.events.booking import BookingCompleted, BookingConfirmed
from shared.records.ids import new_id


def usd(amount: int) -> Json:
    return {"amount": amount, "currency": "USD"}


def line(gross: int, practitioner_id: UUID | None = None, *releases: tuple[int, str], **more: Any) -> Json:
    """One line; `releases` are pairs of percent and event."""
    parts = [{"percent": percent, "on": on} for percent, on in releases]
    return {
        "id": str(new_id()),
        "practitioner_id": None if practitioner_id is None else str(practitioner_id),
        "description": "Morning yoga",
        "gross_amount": usd(gross),
        "releases": parts or None,
    } | more


async def put(
    market: Market, lines: Sequence[Json], kind: str = "event", order_id: UUID | None = None, **more: Any
) -> httpx2.Response:
    """PUT /internal/orders/{id}/."""
    market.moment_later()
    body = {
        "kind": kind,
        "client_id": str(market.client_id),
        "title": "Retreat",
        "lines": lines,
        "expires_at": (market.clock.now() + timedelta(minutes=15)).isoformat(),
    } | more
    return await market.api.put(f"/internal/orders/{order_id or new_id()}/", json=body, headers=service_headers())


async def paid(
    market: Market, lines: Sequence[Json], kind: str = "event", *, card: str = "pm_card_visa", **more: Any
) -> Sale:
    """A paid order of these lines that nothing has confirmed yet."""
    answer = await put(market, lines, kind, **more)
    assert answer.status_code == 200, answer.text
    order = answer.json()
    if order["status"] == "open":
        assert (await market.pay(order["order_id"], card))["status"] == "succeeded"
    return Sale(UUID(order["order_id"]), market.snapshot(new_id(), order))


async def confirmed(market: Market, lines: Sequence[Json], **more: Any) -> Sale:
    """As `paid`, and its purchase is confirmed."""
    sale = await paid(market, lines, **more)
    await market.tell(BookingConfirmed(booking=sale.booking))
    return sale


async def ended(market: Market, sale: Sale, of: Json) -> None:
    """That line of the sale has ended."""
    market.moment_later()
    event = BookingCompleted(booking=sale.booking, line_id=UUID(of["id"]), completed_at=market.clock.now())
    await market.tell(event)


async def earnings(market: Market, of: Json) -> list[tuple[int, int, str]]:
    """Net, commission and status of what the line earned, by release."""
    query = "select net, commission, status from payments.earnings where line_id = :id order by release, part"
    return [tuple(row) for row in await market.sql(query, id=UUID(of["id"]))]


async def revenue(market: Market, kind: str) -> int:
    """What the platform's account of that kind has."""
    query = """
        select coalesce(sum(case when t.credit_id = a.id then t.amount else -t.amount end), 0)
        from payments.ledger_accounts a join payments.ledger_transfers t on a.id in (t.debit_id, t.credit_id)
        where a.kind = :kind
    """
    return int((await market.sql(query, kind=kind))[0][0])


async def shown(market: Market, order_id: UUID) -> Json:
    """The order as its client sees it."""
    url = f"/api/v1/payments/orders/{order_id}/"
    body: Json = (await market.api.get(url, headers=headers_for(market.client_id))).json()
    return body
