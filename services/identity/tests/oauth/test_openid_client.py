"""A relying party that is not ours: `openid-client` from npm as it is."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from devtools.testing.node import MODULES, demand_node, needs_node
from devtools.testing.servers import served
from services.identity.app import create_app
from services.identity.keys.domain import Algorithm
from services.identity.tests.conftest import CHEAP, CREDENTIALS
from services.identity.tests.oauth.test_clients import made
from shared.records.clock import machine_now

SCRIPT = Path(__file__).with_name("relying_party.mjs")

pytestmark = needs_node("openid-client")


@pytest.fixture
async def app(runtime_for: Any, free_port: int) -> Any:
    env = {**CHEAP, "ESTUARY_PUBLIC_URL": f"http://localhost:{free_port}"}
    return create_app(await runtime_for("identity", env=env))


@pytest.fixture
async def base(signing_app: Any, free_port: int) -> AsyncIterator[str]:
    """Where identity answers: its public address."""
    demand_node("openid-client")
    async with served(signing_app, port=free_port):
        yield f"http://localhost:{free_port}"


async def ran(*arguments: str) -> dict[str, Any]:
    """What the script says came of it."""
    running = await asyncio.create_subprocess_exec(
        "node", str(SCRIPT), str(MODULES), *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(60):
        out, trouble = await running.communicate()
    assert running.returncode == 0, trouble.decode()
    return dict(json.loads(out))


@pytest.fixture
async def clients(client: Any, ada: Any) -> list[str]:
    """An app, and one that speaks for Ada: ids and secrets, and by what Ada signs in between them."""
    back = {"redirect_uris": ["http://localhost:9/back"], "post_logout_redirect_uris": ["http://localhost:9/home"]}
    app = await made(client, **back)
    robot_scopes = {"grant_types": ["client_credentials"], "redirect_uris": [], "scopes": ["account.read"]}
    robot = await made(client, **robot_scopes, owner_id=ada["user"]["id"])
    names = [app["client_id"], app["client_secret"], CREDENTIALS["email"], CREDENTIALS["password"]]
    return [*names, robot["client_id"], robot["client_secret"]]


async def test_it_signs_in_refreshes_and_signs_out(base: str, clients: list[str], ada: Any):
    found = await ran(base, *clients)
    own = ada["user"]["id"]
    assert found == {
        "subject": own,
        "userinfo": {"sub": own, "email": "ada@example.com", "email_verified": False},
        "silent": own,
        "rotated": True,
        "active": True,
        "revoked": False,
        "again": "invalid_grant",
        "credentials": "account.read",
        "out": "http://localhost:9/home?state=over",
        "after": "login_required",
    }


async def test_it_goes_on_while_keys_rotate(base: str, app: Any, clients: list[str]):
    """Each of two goes through all of it beside the rotation of both kinds of keys."""
    runtime = app.state.runtime
    await runtime.keyring.signer(runtime.db)

    async def rotate() -> None:
        for algorithm in [*Algorithm, *Algorithm]:
            await asyncio.sleep(0.3)
            async with runtime.db.transaction() as session:
                await runtime.keyring.rotate(session, machine_now(), algorithm)

    results = await asyncio.gather(*(ran(base, *clients) for _ in range(2)), rotate())
    assert [found["after"] for found in results[:2] if found is not None] == ["login_required"] * 2


async def test_the_address_of_discovery_is_the_issuer(base: str):
    async with httpx2.AsyncClient() as web:
        found = (await web.get(f"{base}/.well-known/openid-configuration")).json()
    assert found["issuer"] == base
