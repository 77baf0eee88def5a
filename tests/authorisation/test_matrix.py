"""Every operation, called by every kind of caller; a new operation needs a row that says who may call it."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts

from devtools.testing.callers import token_for
from estuary.services import SERVICES
from shared.auth.permissions import Role, scopes_of
from shared.auth.scopes import needs_whole_session
from shared.auth.token_signing import Narrowing
from tests.authorisation.access import CALLERS, OPEN, PASSES, Row
from tests.authorisation.market import Market
from tests.authorisation.rows import ROWS

OF_EVERY_APP = {"/openapi.json", "/health/live", "/health/ready", "/metrics"}
"""Asked by the gateway and the machinery around it; no network policy lets anybody else reach them."""


def operations_of(app: FastAPI) -> set[tuple[str, str]]:
    """Method and template of every route, `WS` for a socket; without the slash at the end."""
    found = set()
    for route in iter_route_contexts(app.routes):
        if (path := route.path or "") not in OF_EVERY_APP:
            found |= {(method, path.rstrip("/")) for method in route.methods or {"WS"}}
    return found


def unlisted(app: FastAPI, rows: Iterable[Row]) -> set[tuple[str, str]]:
    """What is in the app or in the table, and not in both."""
    return operations_of(app) ^ {row.operation for row in rows}


async def wrong_answers(market: Market, service: str, rows: Iterable[Row]) -> AsyncIterator[str]:
    """Who gets another answer than the table says: those who are refused come first, the others change things."""
    for row in rows:
        for caller in sorted(CALLERS, key=lambda name: row.access[name] == PASSES):
            if row.fresh and (row.access[caller] == PASSES or row.fresh not in market.objects):
                await market.renew(row.fresh)
            status = await market.status(service, row, caller)
            if not row.fits(caller, status):
                yield f"{row.method} {row.path} by {caller}: {status}, not {row.access[caller] or row.passes}"


@pytest.mark.parametrize("service", SERVICES)
async def test_everybody_gets_the_answer_of_the_table(market: Market, service: str):
    assert [line async for line in wrong_answers(market, service, ROWS[service])] == []


@pytest.mark.parametrize("service", SERVICES)
async def test_every_operation_has_a_row(market: Market, service: str):
    assert unlisted(market.apps[service], ROWS[service]) == set()


@pytest.mark.parametrize(("header", "caller"), [("confirmed", "superuser"), ("keyed", "")])
async def test_a_header_that_is_needed_is_missed_before_anything_else(market: Market, header: str, caller: str):
    for service, rows in ROWS.items():
        for row in rows:
            if getattr(row, header):
                if row.fresh:
                    await market.renew(row.fresh)
                asks = caller or next(name for name in CALLERS if row.access[name] == PASSES)
                status = await market.status(service, replace(row, body={"no": "field"}), asks, **{header: False})
                assert status == 428, (row, status)


async def statuses(market: Market, service: str, rows: Iterable[Row], caller: str) -> AsyncIterator[tuple[Row, int]]:
    """What each of them answers that caller."""
    for row in rows:
        if row.fresh and row.fresh not in market.objects:
            await market.renew(row.fresh)
        yield row, await market.status(service, row, caller)


def for_people(row: Row) -> bool:
    """Whether somebody has to be signed in; the operations between services have nobody."""
    return row.access["anonymous"] == 401 and row.access["service"] == 401


@pytest.mark.parametrize("service", SERVICES)
async def test_a_token_without_scopes_does_only_what_is_public(market: Market, service: str):
    client_id = UUID(market.objects["client_user_id"])
    market.tokens["narrow"] = token_for(client_id, ("user", "staff"), narrowing=Narrowing(()))
    private = [row for row in ROWS[service] if for_people(row)]
    assert [row async for row, status in statuses(market, service, private, "narrow") if status not in (401, 403)] == []


@pytest.mark.parametrize("service", SERVICES)
async def test_no_scope_opens_what_staff_do_or_changes_how_to_sign_in(market: Market, service: str):
    scopes = Narrowing(scopes_of(frozenset(Role)))
    market.tokens["wide"] = token_for(UUID(market.objects["client_user_id"]), tuple(Role), narrowing=scopes)
    whole = [row for row in ROWS[service] if for_people(row) and needs_whole_session(row.path, row.method)]
    assert [row async for row, status in statuses(market, service, whole, "wide") if status != 403] == []


class TestTheTablesCanFail:
    async def test_on_a_row_that_promises_too_much_or_too_little(self, market: Market):
        [own] = [row for row in ROWS["booking"] if row.operation == ("GET", "/api/v1/bookings/{booking_id}")]
        too_little = replace(own, access={**own.access, "client": 404})
        [line] = [line async for line in wrong_answers(market, "booking", [too_little])]
        assert "by client: 200, not 404" in line
        too_much = [line async for line in wrong_answers(market, "booking", [replace(own, access=OPEN)])]
        assert {line.split(" by ")[1].split(":")[0] for line in too_much} == {
            name for name in CALLERS if own.access[name] != PASSES
        }

    def test_on_an_operation_without_a_row_and_on_a_row_without_one(self):
        router, app = APIRouter(), FastAPI(docs_url=None, redoc_url=None)
        router.add_api_route("/new/{thing_id}/", lambda: None, methods=["DELETE"])
        app.include_router(router, prefix="/api/v1")
        expected = {("DELETE", "/api/v1/new/{thing_id}"), ("GET", "/api/v1/gone")}
        assert unlisted(app, [Row("GET", "/api/v1/gone/", OPEN)]) == expected
