"""An ended session opens nothing two seconds later: at identity, at another service, at the gateway, on an open socket;
where the hint on the bus is lost, once identity is read again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.types import ASGIApp, Message

from devtools.testing.callers import SERVICE_KEY, service_tokens
from devtools.testing.databases import Databases
from devtools.testing.fixtures import STARTS_AT, runtime_on
from estuary.run import clients
from estuary.services import create_app
from gateway.app import create_app as create_gateway
from gateway.settings import GatewaySettings
from shared.auth.verification import EDGE_CHANGED, Verifier
from shared.messaging.bus import InProcessBus
from shared.records.clock import FixedClock
from shared.records.ids import new_id
from tests.authorisation.calls import CONFIRMED, Later
from tests.authorisation.conftest import CHEAP

SERVICES = ("identity", "notifications")
PASSWORD = "seven quiet rivers 41"
WITHIN = 2.0
AUTH, USERS = "/api/v1/auth/", "/api/v1/admin/users/"
Json = Any


@dataclass
class World:
    """Two services and a gateway, each with what it knows of ended sessions by itself."""

    apps: dict[str, ASGIApp]
    verifiers: dict[str, Verifier]
    clients: dict[str, httpx2.AsyncClient]

    async def call(self, method: str, path: str, token: str = "", body: Json = None, at: str = "identity") -> Any:
        headers = {"Authorization": f"Bearer {token}", **CONFIRMED} if token else {}
        return await self.clients[at].request(method, path, json=body, headers=headers)

    async def join(self) -> Json:
        """The pair of somebody new."""
        body = {"email": f"{new_id()}@example.com", "password": PASSWORD, "first_name": "Ada", "last_name": "Byron"}
        return (await self.call("POST", f"{AUTH}register/", body=body)).json()

    async def boss(self) -> str:
        """The token of a superuser."""
        pair = await self.join()
        user_id = UUID(pair["user"]["id"])
        identity = self.apps["identity"]
        assert isinstance(identity, FastAPI)
        async with identity.state.runtime.db.autocommit() as session:
            employ = text("update identity.users set is_staff = true, is_superuser = true where id = :id")
            await session.execute(employ, {"id": user_id})
        again = await self.call("POST", f"{AUTH}token/refresh/", body={"refresh_token": pair["refresh_token"]})
        return str(again.json()["access_token"])

    async def statuses(self, token: str) -> dict[str, int]:
        """What each answers that token."""
        paths = {
            "identity": f"{AUTH}user/",
            "notifications": "/api/v1/notifications/",
            "gateway": "/api/v1/notifications/",
        }
        return {at: (await self.call("GET", path, token, at=at)).status_code for at, path in paths.items()}

    async def socket(self, token: str) -> int:
        """Opens one, and answers the code with which it was closed."""
        path = "/ws/notifications/"
        scope = {
            "type": "websocket", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "ws", "root_path": "",
            "path": path, "raw_path": path.encode(), "query_string": f"token={token}".encode(),
            "headers": [(b"host", b"test")], "subprotocols": [], "server": ("test", 80), "client": ("127.0.0.1", 1),
            "extensions": {}, "state": {},
        }  # fmt: skip
        closed: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        began = False

        async def receive() -> Message:
            nonlocal began
            if not began:
                began = True
                return {"type": "websocket.connect"}
            return {"type": "websocket.disconnect", "code": await asyncio.shield(closed)}

        async def send(message: Message) -> None:
            if message["type"] == "websocket.close" and not closed.done():
                closed.set_result(message["code"])

        await self.apps["notifications"](scope, receive, send)
        return closed.result()


async def made(databases: Databases, stack: AsyncExitStack, *, hints: bool) -> World:
    """`hints`: whether what identity says on the bus reaches the others."""
    url = await databases.clone(*SERVICES)
    stack.push_async_callback(databases.drop, url)
    env, bus, clock = {**CHEAP, "ESTUARY_SERVICE_KEY": SERVICE_KEY}, InProcessBus(), FixedClock(STARTS_AT)
    apps: dict[str, Any] = {}
    world = World(apps, {}, {})
    for name in (*SERVICES, "gateway"):
        transports = {"identity": httpx2.ASGITransport(Later(apps, "identity"))}
        verifier, peers = clients.make_verifier_and_clients(service_tokens(name), transports)
        stack.push_async_callback(peers.close)
        own_bus = bus if hints else InProcessBus()
        if name == "gateway":
            settings = GatewaySettings.of({"GATEWAY_RATE_LIMITS": "off"})
            apps[name] = create_gateway(settings, verifier, dict(apps), exchange=clients.exchange_with(peers))
            own_bus.listen(EDGE_CHANGED, verifier.hear)
        else:
            runtime = replace(runtime_on(url, name, clock, {}, env), bus=own_bus, verifier=verifier)
            stack.push_async_callback(runtime.db.close)
            apps[name] = create_app(name, runtime)
            await stack.enter_async_context(apps[name].router.lifespan_context(apps[name]))
        world.verifiers[name] = verifier
        transport = httpx2.ASGITransport(apps[name], raise_app_exceptions=False)
        client = httpx2.AsyncClient(transport=transport, base_url="http://test")
        world.clients[name] = await stack.enter_async_context(client)
    return world


@pytest.fixture(scope="module")
async def world(databases: Databases) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        yield await made(databases, stack, hints=True)


@pytest.fixture(scope="module")
async def unhinted(databases: Databases) -> AsyncIterator[World]:
    """Nobody hears what identity says on the bus."""
    async with AsyncExitStack() as stack:
        yield await made(databases, stack, hints=False)


End = Callable[[World, Json], Awaitable[str]]


async def logged_out(world: World, pair: Json) -> str:
    await world.call("POST", f"{AUTH}logout/", pair["access_token"])
    return str(pair["access_token"])


async def password_changed(world: World, pair: Json) -> str:
    body = {"current_password": PASSWORD, "password": "nine other rivers 42"}
    answer = await world.call("POST", f"{AUTH}password/change/", pair["access_token"], body)
    assert answer.status_code == 200, answer.text
    return str(pair["access_token"])


async def suspended(world: World, pair: Json) -> str:
    path = f"{USERS}{pair['user']['id']}/suspend/"
    assert (await world.call("POST", path, await world.boss(), {"reason": "x"})).status_code == 200
    return str(pair["access_token"])


async def role_taken(world: World, pair: Json) -> str:
    path, boss = f"{USERS}{pair['user']['id']}/roles/", await world.boss()
    for roles in (["support"], []):
        answer = await world.call("PUT", path, boss, {"roles": roles, "reason": "x"})
        assert answer.status_code == 200, answer.text
    return str(pair["access_token"])


async def impersonation_ended(world: World, pair: Json) -> str:
    path = f"{USERS}{pair['user']['id']}/impersonate/"
    lent = (await world.call("POST", path, await world.boss(), {"reason": "x"})).json()
    assert set((await world.statuses(lent["access_token"])).values()) == {200}
    ended = await world.call("DELETE", f"{AUTH}sessions/{lent['session_id']}/", pair["access_token"])
    assert ended.status_code == 204
    return str(lent["access_token"])


ENDS = [logged_out, password_changed, suspended, role_taken, impersonation_ended]


async def refused_everywhere(world: World, token: str) -> None:
    """Waits until each refuses the token."""
    while set((await world.statuses(token)).values()) != {401}:  # noqa: ASYNC110 (nothing says when)
        await asyncio.sleep(0.02)


@pytest.mark.parametrize("end", ENDS)
async def test_is_refused_everywhere_within_two_seconds(world: World, end: End):
    pair = await world.join()
    assert set((await world.statuses(pair["access_token"])).values()) == {200}
    token = await end(world, pair)
    async with asyncio.timeout(WITHIN):
        await refused_everywhere(world, token)


@pytest.mark.parametrize("end", ENDS[:4])
async def test_an_open_socket_ends_within_two_seconds(world: World, end: End):
    pair = await world.join()
    opened = asyncio.create_task(world.socket(pair["access_token"]))
    await asyncio.sleep(0.1)
    await end(world, pair)
    async with asyncio.timeout(WITHIN):
        assert await opened == 4401


@pytest.mark.parametrize("end", ENDS)
async def test_without_the_bus_it_is_refused_once_identity_is_read_again(
    unhinted: World, monkeypatch: pytest.MonkeyPatch, end: End
):
    assert clients.REFRESH_SECONDS <= 30
    monkeypatch.setattr(clients, "REFRESH_SECONDS", 0.2)
    pair = await unhinted.join()
    assert set((await unhinted.statuses(pair["access_token"])).values()) == {200}
    token = await end(unhinted, pair)
    known = await unhinted.statuses(token)
    assert (known["notifications"], known["gateway"]) == (200, 200)
    reading = [asyncio.create_task(clients.follow_edge(one)) for one in unhinted.verifiers.values()]
    try:
        async with asyncio.timeout(10 * WITHIN):
            await refused_everywhere(unhinted, token)
    finally:
        for task in reading:
            task.cancel()
        await asyncio.gather(*reading, return_exceptions=True)
