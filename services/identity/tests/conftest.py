"""An identity of its own for each test, with cheap passwords."""

from typing import Any

import pytest
from fastapi import FastAPI

from devtools.testing.callers import SERVICE_KEY, service_tokens
from services.identity.app import create_app
from shared.auth.verification import Verifier

PASSWORD = "correct horse"
CONFIRMED = {"X-Confirm-Action": "true"}
CHEAP = {
    "ESTUARY_SERVICE_KEY": SERVICE_KEY,
    "IDENTITY_ARGON2_TIME_COST": "1",
    "IDENTITY_ARGON2_MEMORY_KIB": "8",
    "IDENTITY_ARGON2_PARALLELISM": "1",
}


@pytest.fixture
async def app(runtime_for) -> FastAPI:
    return create_app(await runtime_for("identity", env=CHEAP))


@pytest.fixture
def client(app, client_for):
    return client_for(app)


@pytest.fixture
def verifier(client) -> Verifier:
    """Checks tokens as the other services do: by what identity publishes."""

    async def fetch():
        return (await client.get("/.well-known/jwks.json")).json()

    return Verifier(fetch, service_tokens("identity").caller)


def registration(email: str = "ada@example.com", **other: Any) -> dict[str, Any]:
    return {"email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "Lovelace", **other}


@pytest.fixture
async def ada(client):
    """The answer to Ada's registration."""
    answer = await client.post("/api/v1/auth/register/", json=registration())
    assert answer.status_code == 201, answer.text
    return answer.json()
