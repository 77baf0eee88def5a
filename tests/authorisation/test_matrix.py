"""Every operation, called by every kind of caller, straight at its service and through the gateway; a new operation
needs a row that says who may call it. What a delegated token may follows from that by rule."""

import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import text

from devtools.testing.callers import token_for
from estuary.services import SERVICES
from gateway.routes import ROUTES, RouteTable
from shared.auth.internal_callers import CALLS, may_call
from shared.auth.permissions import Role, scopes_of
from shared.auth.scopes import needs_whole_session
from shared.auth.token_signing import Narrowing
from tests.authorisation import delegates
from tests.authorisation.access import CALLERS, OPEN, PASSES, Row
from tests.authorisation.delegates import OWN_WORD, Document, expected
from tests.authorisation.market import LEAVING, Market
from tests.authorisation.rows import ROWS

OF_EVERY_APP = {"/openapi.json", "/health/live", "/health/ready", "/metrics"}
"""Asked by the gateway and the machinery around it; no network policy lets anybody else reach them."""

TABLE = RouteTable(ROUTES, SERVICES)
ID = re.compile(r"{(\w+_id)}")


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


def asked(row: Row) -> list[tuple[str, int]]:
    """Who calls, and what is expected: those who are refused come first, the others change things."""
    callers = [(caller, row.access[caller]) for caller in CALLERS if not (row.is_internal and caller == "service")]
    return sorted(callers, key=lambda one: one[1] == PASSES)


def at_gateway(row: Row) -> list[tuple[str, int]]:
    """The same through the gateway: it knows no internal path, and refuses a bad token where one is looked at."""
    if row.is_internal:
        return [(caller, 404) for caller in CALLERS]
    route = TABLE.find(row.path.strip("/").split("/"))
    bad = {"service", *LEAVING} if route is not None and route.judges_token else set()
    return [(caller, 401 if caller in bad else access) for caller, access in asked(row)]


async def wrong_answers(
    market: Market, service: str, row: Row, callers: Iterable[tuple[str, int]], *, at: str = ""
) -> AsyncIterator[str]:
    """Who gets another answer than that."""
    for caller, access in callers:
        if row.fresh and (access == PASSES or row.fresh not in market.objects):
            await market.renew(row.fresh)
        status = await market.status(service, row, caller, at=at)
        if not (status in row.passes if access == PASSES else status == access):
            yield f"{row.method} {row.path} by {caller}: {status}, not {access or row.passes}"


@pytest.mark.parametrize("at", ["", "gateway"])
@pytest.mark.parametrize("service", SERVICES)
async def test_everybody_gets_the_answer_of_the_table(market: Market, service: str, at: str):
    for row in ROWS[service]:
        callers = at_gateway(row) if at else asked(row)
        assert [line async for line in wrong_answers(market, service, row, callers, at=at)] == []


@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_for_services_answers_those_that_need_it(market: Market, service: str):
    for row in ROWS[service]:
        if row.is_internal:
            allowed = row.callers or tuple(name for name in CALLS if may_call(name, service))
            callers = [(f"service {name}", PASSES if name in allowed else 403) for name in CALLS]
            callers.sort(key=lambda one: one[1] == PASSES)
            assert [line async for line in wrong_answers(market, service, row, callers)] == []


@pytest.mark.parametrize("id_", ["new_session_id", "no_id"])
@pytest.mark.parametrize("service", SERVICES)
async def test_what_is_not_there_is_404_to_who_would_pass(market: Market, service: str, id_: str):
    for row in ROWS[service]:
        if (ids := ID.findall(row.path)) and not row.is_internal:
            absent = replace(row, of=dict.fromkeys(ids, id_), fresh="")
            callers = [(caller, access or 404) for caller, access in asked(row) if access in (PASSES, 401, 404)]
            assert [line async for line in wrong_answers(market, service, absent, callers)] == []


@pytest.mark.parametrize("service", SERVICES)
async def test_every_operation_has_a_row(market: Market, service: str):
    assert unlisted(market.apps[service], ROWS[service]) == set()


@pytest.fixture(scope="module")
async def document(market: Market) -> Document:
    """The one document of all services."""
    found: Document = (await market.clients["gateway"].get("/openapi.json")).json()
    return found


async def test_every_operation_of_the_document_has_a_row(document: Document):
    listed = {(method.upper(), path.rstrip("/")) for path, methods in document["paths"].items() for method in methods}
    assert listed - {row.operation for rows in ROWS.values() for row in rows} == set()


@pytest.mark.parametrize("kind", ["key", "app", "staff"])
@pytest.mark.parametrize("service", SERVICES)
async def test_a_delegate_does_what_its_owner_may_and_its_scopes_allow(
    market: Market, document: Document, service: str, kind: str
):
    lent, at = await delegates.lend(market, kind, service), "gateway" if kind == "key" else ""
    for row in ROWS[service]:
        callers = [(one.name, expected(document, service, row, one.person, one.scopes)) for one in lent]
        if kind == "staff" and row.operation in OWN_WORD:
            callers = [(name, 403) for name, _ in callers]
        if at and row.is_internal:
            callers = [(name, 404) for name, _ in callers]
        assert [line async for line in wrong_answers(market, service, row, callers, at=at)] == []


@pytest.mark.parametrize("service", SERVICES)
async def test_an_api_key_opens_nothing_past_the_gateway(market: Market, service: str):
    key, *_ = await delegates.lend(market, "key", service)
    for row in ROWS[service]:
        callers = [(key.name, PASSES if row.access == OPEN else 401)]
        assert [line async for line in wrong_answers(market, service, row, callers)] == []


@pytest.mark.parametrize(("header", "caller"), [("confirmed", "superuser"), ("keyed", "")])
async def test_a_header_that_is_needed_is_missed_before_anything_else(market: Market, header: str, caller: str):
    for service, rows in ROWS.items():
        for row in rows:
            if getattr(row, header):
                if row.fresh:
                    await market.renew(row.fresh)
                asks = caller or next(name for name in CALLERS if row.access[name] == PASSES)
                changes: dict[str, Any] = {"body": {"no": "field"}, header: False}
                status = await market.status(service, replace(row, **changes), asks)
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


async def test_what_staff_change_in_a_persons_place_is_noted_with_both(market: Market):
    lent = [one.name for one in await delegates.lend(market, "staff", "catalog") if one.person == "practitioner"]
    path = f"/api/v1/services/{market.objects['service_id']}/"
    headers = market.headers(lent[-1], "catalog")
    answer = await market.clients["catalog"].put(path, json={"title": "Evening yoga"}, headers=headers)
    assert answer.status_code == 200, answer.text
    async with market.runtime("catalog").db.read() as session:
        wanted = text("select * from catalog.audit where id = :id")
        row = (await session.execute(wanted, {"id": UUID(answer.headers["audit-id"])})).one()
    staff, person = (UUID(market.objects[f"{name}_user_id"]) for name in ("superuser", "practitioner"))
    assert (row.actor_id, row.on_behalf_of, row.subject_id) == (staff, person, person)
    assert (row.action, row.after) == ("user.act_in_place", {"method": "PUT", "path": path})


class TestTheTablesCanFail:
    async def test_on_a_row_that_promises_too_much_or_too_little(self, market: Market):
        [own] = [row for row in ROWS["booking"] if row.operation == ("GET", "/api/v1/bookings/{booking_id}")]
        too_little = replace(own, access={**own.access, "client": 404})
        [line] = [line async for line in wrong_answers(market, "booking", own, asked(too_little))]
        assert "by client: 200, not 404" in line
        too_much = replace(own, access=OPEN)
        found = [line async for line in wrong_answers(market, "booking", own, asked(too_much))]
        assert {line.split(" by ")[1].split(":")[0] for line in found} == {
            name for name in CALLERS if own.access[name] != PASSES
        }

    def test_on_an_operation_without_a_row_and_on_a_row_without_one(self):
        router, app = APIRouter(), FastAPI(docs_url=None, redoc_url=None)
        router.add_api_route("/new/{thing_id}/", lambda: None, methods=["DELETE"])
        app.include_router(router, prefix="/api/v1")
        expected = {("DELETE", "/api/v1/new/{thing_id}"), ("GET", "/api/v1/gone")}
        assert unlisted(app, [Row("GET", "/api/v1/gone/", OPEN)]) == expected
