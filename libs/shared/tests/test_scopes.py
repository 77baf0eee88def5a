"""Narrowed tokens, and the order in which a request is refused before its body is read."""

from dataclasses import replace
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import APIRouter, Depends, FastAPI, Request

from devtools.testing.callers import token_for
from shared.auth.permissions import Permission
from shared.auth.scopes import needs_whole_session, scope_of
from shared.auth.token_signing import Narrowing
from shared.auth.verification import Caller
from shared.errors import StepUpRequired
from shared.records.ids import new_id
from shared.web.app import build
from shared.web.guards import Order, guard, signed
from shared.web.http import Body, Keyed, MaybeSigned, Route, ServiceOnly, Signed, confirmed, needs
from shared.web.openapi import document_of

STAFF = ("user", "staff")
BASE = "/api/v1"


class Given(Body):
    name: str


async def late(request: Request) -> Caller:
    """Nobody has proven anything of late."""
    await signed(request)
    raise StepUpRequired(["password"])


guard(late, Order.PROOF_OF_LATE)
router = APIRouter(prefix=BASE, route_class=Route)
internal = APIRouter(route_class=Route, dependencies=[ServiceOnly])


@router.get("/things/")
async def read(caller: Signed) -> dict[str, str]:
    return {"by": str(caller.user_id)}


@router.post("/things/")
async def write(body: Given, caller: Signed) -> None: ...


@router.put("/things/")
async def pay(caller: Annotated[Caller, needs("payments.write")]) -> None: ...


@router.get("/public/")
async def look(caller: MaybeSigned) -> dict[str, bool]:
    return {"known": caller is not None}


@router.put("/public/")
async def open_to_all(body: Given) -> None: ...


@router.post("/auth/things/")
async def change_sign_in(caller: MaybeSigned) -> None: ...


@router.get("/admin/things/", dependencies=[needs(Permission.READ_ORDERS)])
async def look_into() -> None: ...


@router.post(
    "/admin/things/", dependencies=[Depends(late), Keyed, confirmed(Permission.DECIDE_PAYOUTS)], status_code=201
)
async def decide(body: Given, caller: Annotated[Caller, needs(Permission.DECIDE_PAYOUTS)]) -> None: ...


@internal.get("/internal/things/")
async def between_services() -> None: ...


@pytest.fixture
async def app(runtime_for: Any) -> FastAPI:
    runtime = replace(await runtime_for("toy"), service="booking")
    return build(runtime, title="toy", routers=[router, internal])


@pytest.fixture
def client(app: FastAPI, client_for: Any) -> httpx2.AsyncClient:
    return client_for(app)


def narrowed(*scopes: str, roles: tuple[str, ...] = ("user",), **more: Any) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for(None, roles, narrowing=Narrowing(scopes, **more))}"}


def session(*roles: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_for(None, ('user', *roles))}"}


async def refusal(client: httpx2.AsyncClient, method: str, path: str, **more: Any) -> tuple[int, str]:
    answer = await client.request(method, BASE + path, **more)
    return answer.status_code, answer.json()["code"] if answer.status_code >= 400 else ""


@pytest.mark.parametrize(
    ("service", "path", "method", "scope"),
    [
        ("booking", "/api/v1/bookings/", "GET", "bookings.read"),
        ("booking", "/api/v1/bookings/", "POST", "bookings.write"),
        ("identity", "/api/v1/auth/user/", "PUT", "account.write"),
        ("payments", "/api/v1/admin/payouts/", "GET", "admin.payments.read"),
        ("catalog", "/api/v1/services/{service_id}/", "DELETE", "catalog.write"),
        ("messaging", "/ws/chat/", "GET", "messages.read"),
        ("analytics", "/api/v1/practitioner/analytics/", "GET", "figures.read"),
        ("records", "/api/v1/records/", "GET", None),
        ("sandbox", "/api/v1/sandbox/clock/", "POST", None),
    ],
)
def test_one_rule_names_the_scope(service: str, path: str, method: str, scope: str | None):
    assert scope_of(service, path, method) == scope


@pytest.mark.parametrize(
    ("path", "method", "whole"),
    [
        ("/api/v1/auth/user/", "GET", False),
        ("/api/v1/auth/user/", "PUT", True),
        ("/api/v1/admin/audit/", "GET", True),
        ("/api/v1/bookings/", "POST", False),
    ],
)
def test_of_sign_in_and_staff_only_a_session_does_more_than_read(path: str, method: str, whole: bool):
    assert needs_whole_session(path, method) is whole


class TestNarrowedTokens:
    @pytest.mark.parametrize(
        ("method", "path", "scopes", "expected"),
        [
            ("GET", "/things/", ("bookings.read",), (200, "")),
            ("GET", "/things/", ("bookings.write", "account.read"), (403, "insufficient_scope")),
            ("GET", "/things/", (), (403, "insufficient_scope")),
            ("GET", "/things/", ("bookings",), (403, "insufficient_scope")),
            ("POST", "/things/", ("bookings.read",), (403, "insufficient_scope")),
            ("PUT", "/things/", ("payments.write",), (200, "")),
            ("PUT", "/things/", ("bookings.write",), (403, "insufficient_scope")),
            ("POST", "/auth/things/", ("account.write", "bookings.write"), (403, "insufficient_scope")),
        ],
    )
    async def test_do_what_their_scopes_allow(self, client, method, path, scopes, expected):
        body = {"content": b"{"} if expected[0] == 403 else {}
        assert await refusal(client, method, path, headers=narrowed(*scopes), **body) == expected

    async def test_never_do_what_staff_may(self, client):
        token = narrowed("bookings.read", "admin.bookings.read", "admin.payments.read", roles=STAFF)
        assert (await refusal(client, "GET", "/admin/things/", headers=token))[0] == 403

    async def test_of_whom_acts_for_another_it_says_so(self, client):
        token = narrowed("account.read", actor_id=new_id())
        assert await refusal(client, "GET", "/things/", headers=token) == (403, "impersonation_limited")

    async def test_the_scope_that_is_missing_is_named(self, client):
        answer = await client.post(f"{BASE}/things/", headers=narrowed("bookings.read"))
        assert answer.json()["detail"] == "This needs the scope bookings.write."

    async def test_at_a_public_operation_a_token_without_its_scope_is_as_good_as_none(self, client):
        known = [
            (await client.get(f"{BASE}/public/", headers=headers)).json()["known"]
            for headers in (session(), narrowed("bookings.read"), narrowed("messages.read"), {})
        ]
        assert known == [True, True, False, False]

    @pytest.mark.parametrize(
        "claims", [{"client_id": "c"}, {"act": {"sub": str(new_id())}}], ids=["a client", "an actor"]
    )
    async def test_one_that_names_no_scope_has_none(self, app, client, claims):
        class Odd(Narrowing):
            def claims(self):
                return claims

        token = {"Authorization": f"Bearer {token_for(narrowing=Odd(()))}"}
        assert (await refusal(client, "GET", "/things/", headers=token))[0] == 403

    @pytest.mark.parametrize("claims", [{"scope": 1}, {"scope": []}, {"act": 1}, {"act": {}}, {"client_id": {}}])
    async def test_claims_of_other_types_are_no_token(self, client, claims):
        class Odd(Narrowing):
            def claims(self):
                return claims

        token = {"Authorization": f"Bearer {token_for(narrowing=Odd(()))}"}
        assert (await refusal(client, "GET", "/things/", headers=token))[0] == 401

    async def test_a_client_of_ours_may_have_a_whole_session(self, client):
        token = narrowed("session", client_id="site")
        assert await refusal(client, "GET", "/things/", headers=token) == (200, "")
        assert await refusal(client, "POST", "/auth/things/", headers=token) == (200, "")


async def test_each_refusal_comes_in_its_place_before_the_body_is_read(client):
    async def refused(**headers: str) -> tuple[int, str]:
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return await refusal(client, "POST", "/admin/things/", content=b"{", headers=names)

    confirmation, key = {"X_Confirm_Action": "true"}, {"Idempotency_Key": "k"}
    assert await refused() == (401, "unauthenticated")
    assert await refused(Authorization="Bearer nonsense") == (401, "unauthenticated")
    assert await refused(**session(), **confirmation, **key) == (403, "staff_required")
    assert await refused(**session("support"), **confirmation, **key) == (403, "staff_required")
    assert await refused(**session("staff"), **key) == (428, "confirmation_required")
    assert await refused(**session("staff"), **confirmation) == (428, "idempotency_key_required")
    assert await refused(**session("staff"), **confirmation, **key) == (403, "step_up_required")


async def test_broken_json_is_named_only_to_who_may_send_it(client):
    assert await refusal(client, "POST", "/things/", content=b"{") == (401, "unauthenticated")
    headers = session() | {"Content-Type": "application/json"}
    assert await refusal(client, "POST", "/things/", content=b"{", headers=headers) == (422, "invalid")


async def test_support_reads_what_its_permissions_name(client):
    assert await refusal(client, "GET", "/admin/things/", headers=session("support")) == (200, "")
    assert await refusal(client, "GET", "/admin/things/", headers=session("marketing")) == (403, "staff_required")


def test_each_operation_names_its_scope(app):
    paths = document_of(app)["paths"]
    assert paths["/api/v1/things/"]["get"]["security"] == [{"bearer": ["bookings.read"]}]
    assert paths["/api/v1/things/"]["put"]["security"] == [{"bearer": ["payments.write"]}]
    assert paths["/api/v1/admin/things/"]["post"]["security"] == [{"bearer": ["admin.bookings.write"]}]
    assert paths["/api/v1/public/"]["get"]["security"] == [{}, {"bearer": []}]
    assert "security" not in paths["/api/v1/public/"]["put"]
    assert paths["/internal/things/"]["get"]["security"] == [{"bearer": []}]
