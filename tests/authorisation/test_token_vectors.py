"""No bad token opens anything: straight at a service, through the gateway, and at a WebSocket of either."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from starlette.types import ASGIApp

from devtools.testing.callers import KEY, SERVICE_KEY
from devtools.testing.databases import Databases
from devtools.testing.fixtures import STARTS_AT, runtime_on
from devtools.testing.handshakes import handshake
from gateway.app import create_app as create_gateway
from gateway.settings import GatewaySettings
from services.notifications.app import create_app
from shared.auth.verification import Verifier
from shared.records.clock import FixedClock
from tests.authorisation.token_parts import ENDED, ID_KEY, Token, good, issued, unknown_keys
from tests.authorisation.token_vectors import VECTORS

HTTP, SOCKET = "/api/v1/notifications/", "/ws/notifications/"


class Identity:
    """What it says to the edge, and how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def fetch(self) -> Mapping[str, Any]:
        self.asked += 1
        keys = [KEY.as_dict(private=False), ID_KEY.as_dict(private=False)]
        return {"keys": keys, "ended_sessions": [str(ENDED)], "read_only": False}


@dataclass
class Target:
    """A service, or the gateway before it."""

    app: ASGIApp
    identity: Identity

    async def http(self, token: Token) -> tuple[int, str]:
        """Status and code of the answer to a request with that token."""
        transport = httpx2.ASGITransport(self.app, raise_app_exceptions=False)
        headers = [(b"authorization", b"Bearer " + _bytes(token))]
        async with httpx2.AsyncClient(transport=transport, base_url="http://test") as client:
            answer = await client.get(HTTP, headers=headers)
        return answer.status_code, answer.json().get("code", "")

    async def socket(self, token: Token) -> int:
        """101, or the status with which the handshake was refused."""
        return await handshake(self.app, SOCKET, b"token=" + quote(_bytes(token)).encode())


def _bytes(token: Token) -> bytes:
    return token if isinstance(token, bytes) else token.encode()


@pytest.fixture(scope="module")
async def targets(databases: Databases) -> AsyncIterator[Mapping[str, Target]]:
    """The notifications service, and the gateway before another one of it; both have read the keys."""
    url = await databases.clone("notifications")
    found: dict[str, Target] = {}
    async with AsyncExitStack() as stack:
        stack.push_async_callback(databases.drop, url)
        for name in ("service", "gateway"):
            runtime = runtime_on(url, "notifications", FixedClock(STARTS_AT), {}, {"ESTUARY_SERVICE_KEY": SERVICE_KEY})
            stack.push_async_callback(runtime.db.close)
            identity, behind = Identity(), Identity()
            own = Verifier(identity.fetch, runtime.verifier.service)
            inner = own if name == "service" else Verifier(behind.fetch, runtime.verifier.service)
            app = create_app(replace(runtime, verifier=inner))
            await stack.enter_async_context(app.router.lifespan_context(app))
            outer = (
                app
                if name == "service"
                else create_gateway(GatewaySettings.of({"GATEWAY_RATE_LIMITS": "off"}), own, {"notifications": app})
            )
            found[name] = Target(outer, identity)
            await own.refresh()
            await inner.refresh()
        yield found


@pytest.mark.parametrize("target", ["service", "gateway"])
@pytest.mark.parametrize("name", VECTORS)
async def test_is_refused(targets: Mapping[str, Target], target: str, name: str):
    at, token = targets[target], VECTORS[name]()
    before = at.identity.asked
    status, code = await at.http(token)
    assert (status, code) == (401, "token_expired" if name == "life: an ended session" else "unauthenticated")
    assert await at.socket(token) == 401
    assert at.identity.asked - before <= 1


@pytest.mark.parametrize("target", ["service", "gateway"])
async def test_a_good_one_is_let_in(targets: Mapping[str, Target], target: str):
    for token in (good(), issued()):
        assert await targets[target].http(token) == (200, "")
        assert await targets[target].socket(token) == 101


@pytest.mark.parametrize("target", ["service", "gateway"])
async def test_a_thousand_unknown_keys_are_asked_for_once_a_second_at_most(targets: Mapping[str, Target], target: str):
    at = targets[target]
    before, began = at.identity.asked, asyncio.get_running_loop().time()
    tokens = unknown_keys(1000)
    for start in range(0, len(tokens), 100):
        answers = await asyncio.gather(*(at.http(token) for token in tokens[start : start + 100]))
        assert {status for status, _ in answers} == {401}
    seconds = asyncio.get_running_loop().time() - began
    assert at.identity.asked - before <= 1 + seconds


def test_there_are_many():
    assert len(VECTORS) >= 60
