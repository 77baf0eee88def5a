"""Who is let in under /internal: a service of the table, with its own key, for this receiver, within a minute."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable

import httpx2
import pytest
from fastapi import APIRouter
from joserfc import jwt
from joserfc.jwk import OctKey

from devtools.testing.callers import service_tokens
from devtools.testing.fixtures import RuntimeFactory
from estuary.services import PROCESSES
from shared.auth.service_tokens import BadKey, ServiceTokens, derived_key, new_key, public_half
from shared.auth.verification import machine_seconds
from shared.errors import Forbidden, Unauthenticated
from shared.web.app import build
from shared.web.http import Route, ServiceOnly


def now() -> int:
    return int(machine_seconds())


def payments() -> ServiceTokens:
    """A fresh receiver: it has seen no token before."""
    return ServiceTokens("payments", new_key(), {"booking": [public_half(key_of("booking"))]})


def key_of(name: str) -> str:
    return derived_key("a secret that only this test knows", name)


def booking() -> ServiceTokens:
    return ServiceTokens("booking", key_of("booking"), {})


def test_a_caller_of_the_table_is_known_by_its_key():
    token = booking().token("payments")
    receiver = payments()
    assert [receiver.caller(token), receiver.caller(token)] == ["booking", "booking"]


def test_a_token_for_another_service_is_refused():
    with pytest.raises(Unauthenticated):
        payments().caller(booking().token("catalog"))


@pytest.mark.parametrize("age", [-60, 66])
def test_a_token_of_another_time_is_refused(age: int):
    with pytest.raises(Unauthenticated):
        payments().caller(booking().sign("payments", now() - age))


def test_a_token_that_was_seen_ends_with_its_minute(monkeypatch: pytest.MonkeyPatch):
    receiver, token = payments(), booking().sign("payments", now())
    assert receiver.caller(token) == "booking"
    later = machine_seconds() + 66
    monkeypatch.setattr("shared.auth.service_tokens.machine_seconds", lambda: later)
    monkeypatch.setattr("shared.auth.verification.machine_seconds", lambda: later)
    with pytest.raises(Unauthenticated):
        receiver.caller(token)


@pytest.mark.parametrize("key", [new_key(), key_of("messaging")], ids=["new", "another's"])
def test_a_key_that_is_not_the_callers_is_refused(key: str):
    with pytest.raises(Unauthenticated):
        payments().caller(ServiceTokens("booking", key, {}).token("payments"))


def test_nobody_speaks_for_another_service():
    receiver = ServiceTokens("payments", new_key(), {"booking": [], "catalog": [public_half(key_of("catalog"))]})
    forged = ServiceTokens("booking", key_of("catalog"), {}).token("payments")
    with pytest.raises(Unauthenticated):
        receiver.caller(forged)


@pytest.mark.parametrize("token", ["", "a.b.c", "x" * 9000, "e30.e30.", "\0", "eyJhbGciOiJub25lIn0.e30."])
def test_nonsense_is_refused(token: str):
    with pytest.raises(Unauthenticated):
        payments().caller(token)


@pytest.mark.parametrize("odd", [{"crit": None}, {"crit": 1}, {"alg": ["Ed25519"]}, {"kid": 1}], ids=str)
def test_a_head_of_odd_types_is_refused(odd: dict[str, object]):
    head = json.dumps({"alg": "Ed25519", "kid": booking()._key.kid, "typ": "service+jwt"} | odd).encode()
    with pytest.raises(Unauthenticated):
        payments().caller(f"{urlsafe_b64encode(head).decode().rstrip('=')}.e30.{'A' * 86}")


def test_the_public_half_is_no_secret_to_sign_with():
    """A token of HS256 whose secret is the key that everybody knows."""
    public = public_half(key_of("booking"))
    claims = {"sub": "booking", "aud": "payments", "typ": "service", "iat": now(), "exp": now() + 60}
    header = {"alg": "HS256", "typ": "service+jwt", "kid": booking()._key.kid}
    with pytest.raises(Unauthenticated):
        payments().caller(jwt.encode(header, claims, OctKey.import_key(public)))


def test_a_known_service_that_has_nothing_to_ask_is_refused():
    receiver = ServiceTokens("payments", new_key(), {"messaging": [public_half(key_of("messaging"))]})
    with pytest.raises(Forbidden):
        receiver.caller(ServiceTokens("messaging", key_of("messaging"), {}).sign("payments", now()))


def test_a_name_that_the_table_lacks_calls_nobody_not_even_identity():
    receiver = ServiceTokens("identity", new_key(), {"billing": [public_half(key_of("billing"))]})
    stranger = ServiceTokens("billing", key_of("billing"), {})
    with pytest.raises(Forbidden):
        receiver.caller(stranger.sign("identity", now()))
    with pytest.raises(LookupError, match="billing may not call identity"):
        stranger.token("identity")


def test_nobody_makes_a_token_for_a_call_that_the_table_lacks():
    with pytest.raises(LookupError, match="messaging may not call payments"):
        ServiceTokens("messaging", new_key(), {}).token("payments")


def test_a_key_is_replaced_while_both_are_known():
    old, new = new_key(), new_key()
    receiver = ServiceTokens("payments", new_key(), {"booking": [public_half(old), public_half(new)]})
    tokens = [ServiceTokens("booking", key, {}).token("payments") for key in (old, new)]
    assert [receiver.caller(token) for token in tokens] == ["booking", "booking"]


@pytest.mark.parametrize("key", ["", "short", "ß" * 43, "a" * 44])
def test_a_bad_key_is_named_without_being_shown(key: str):
    with pytest.raises(BadKey) as error:
        public_half(key)
    assert not key or key not in str(error.value)


@pytest.fixture
async def internal(runtime_for: RuntimeFactory, client_for: Callable[..., httpx2.AsyncClient]) -> httpx2.AsyncClient:
    router = APIRouter(prefix="/internal", route_class=Route, dependencies=[ServiceOnly])
    router.add_api_route("/things/", lambda: {"ok": True}, methods=["GET", "POST"])
    return client_for(build(await runtime_for("payments"), title="payments", routers=[router]))


@pytest.mark.parametrize("caller", PROCESSES)
async def test_a_service_answers_whom_the_table_names(internal: httpx2.AsyncClient, caller: str):
    token = service_tokens(caller).sign("payments", now())
    answer = await internal.get("/internal/things/", headers={"Authorization": f"Bearer {token}"})
    allowed = caller in {"booking", "identity", "streams"}
    assert answer.status_code == (200 if allowed else 403)
    assert allowed or answer.json()["code"] == "caller_not_allowed"


async def test_a_token_for_another_service_is_a_problem_document(internal: httpx2.AsyncClient):
    headers = {"Authorization": f"Bearer {service_tokens('booking').sign('catalog', now())}"}
    answer = await internal.get("/internal/things/", headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_an_idempotency_key_means_nothing_between_services(internal: httpx2.AsyncClient):
    """Those are kept by person, and no person asks here."""
    headers = {"Authorization": f"Bearer {service_tokens('booking').sign('payments', now())}", "Idempotency-Key": "one"}
    assert (await internal.post("/internal/things/", headers=headers)).status_code == 200
