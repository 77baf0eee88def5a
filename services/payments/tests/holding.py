"""Services that hold money back."""

from typing import Any
from uuid import UUID

import httpx2

from devtools.testing.callers import service_headers
from services.payments.tests.scenes import Market, Sale
from shared.records.ids import new_id


async def put_hold(market: Market, cause_id: UUID | None = None, **body: Any) -> httpx2.Response:
    """PUT /internal/holds/{id}/; without a cause, for a dispute."""
    url = f"/internal/holds/{cause_id or new_id()}/"
    return await market.api.put(url, json={"cause": "dispute"} | body, headers=service_headers())


async def held(market: Market, **body: Any) -> UUID:
    """Holds, and asks for it once more; answers the cause's id."""
    cause_id = new_id()
    for _ in range(2):
        answer = await put_hold(market, cause_id, **body)
        assert (answer.status_code, answer.json()) == (200, {"is_open": True}), answer.text
    return cause_id


async def end_hold(market: Market, cause_id: UUID) -> httpx2.Response:
    """DELETE /internal/holds/{id}/."""
    return await market.api.delete(f"/internal/holds/{cause_id}/", headers=service_headers())


async def let_go(market: Market, cause_id: UUID) -> None:
    """Ends the cause, and asks for it once more."""
    for _ in range(2):
        answer = await end_hold(market, cause_id)
        assert (answer.status_code, answer.json()) == (200, {"is_open": False}), answer.text


async def lines_of(market: Market, sale: Sale) -> list[str]:
    """The ids of the sale's lines, in their order."""
    query = "select id from payments.order_lines where order_id = :id order by position"
    return [str(row[0]) for row in await market.sql(query, id=sale.order_id)]
