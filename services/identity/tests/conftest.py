"""An identity of its own for each test, with cheap passwords."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI

from devtools.testing.callers import SERVICE_KEY, service_headers, service_tokens
from devtools.testing.delivery import events_of
from services.identity.app import create_app
from shared.auth.edge_tokens import read_edge
from shared.auth.verification import Verifier
from shared.events.identity import MailTokenIssued
from shared.runtime import Runtime

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

    tokens = service_tokens("identity")
    return Verifier(fetch, tokens.caller, partial(read_edge, tokens))


@pytest.fixture
def signing_app(app, verifier):
    """The same app, which takes the tokens that it issues itself."""
    return create_app(replace(Runtime.of(app.state.runtime), verifier=verifier))


@pytest.fixture
def own(signing_app, client_for):
    """A client of it."""
    return client_for(signing_app)


def registration(email: str = "ada@example.com", **other: Any) -> dict[str, Any]:
    return {"email": email, "password": PASSWORD, "first_name": "Ada", "last_name": "Lovelace", **other}


@pytest.fixture
async def ada(client):
    """The answer to Ada's registration."""
    answer = await client.post("/api/v1/auth/register/", json=registration())
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.fixture
def mails(app, client):
    """`await mails("reset_password")`: the mails of that kind as notifications gets them, in their order.

    None stands for a mail that is not due any more.
    """

    async def asked(kind: str) -> list[dict[str, Any] | None]:
        events = [event for event in await events_of(app.state.runtime) if isinstance(event, MailTokenIssued)]
        paths = [f"/internal/mail-tokens/{event.mail_token_id}/" for event in events if event.kind == kind]
        answers = [await client.get(path, headers=service_headers("notifications")) for path in paths]
        return [answer.json() if answer.status_code == 200 else None for answer in answers]

    return asked


@pytest.fixture
def tokens(mails):
    """`await tokens("reset_password")`: the tokens in the mails of that kind that are due."""

    async def sent(kind: str) -> list[str]:
        return [mail["token"] for mail in await mails(kind) if mail is not None]

    return sent


def bearer(pair: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {pair['access_token']}"}
