"""An identity of its own for each test, with cheap passwords."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any

import pyotp
import pytest
from fastapi import FastAPI
from sqlalchemy import select, text, update
from starlette.responses import JSONResponse

from devtools.testing.callers import SERVICE_KEY, headers_for, service_headers, service_tokens
from devtools.testing.delivery import deliver, events_of, run_jobs
from devtools.testing.passkeys import SoftPasskey
from services.identity.app import create_app
from services.identity.erasures.models import Erasure
from services.identity.invariants import INVARIANTS
from services.identity.sessions.models import SignInSession
from services.identity.staff import service as staff
from shared.auth.edge_tokens import read_edge
from shared.auth.verification import Verifier
from shared.events.base import Envelope
from shared.events.identity import MailTokenIssued
from shared.records.clock import machine_now
from shared.runtime import Runtime

PASSWORD = "correct horse"
CONFIRMED = {"X-Confirm-Action": "true"}
CHEAP = {
    "ESTUARY_SHED_LATE_SECONDS": "60",
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
async def invariants_hold(app):
    """They hold at the end of the test."""
    yield
    async with app.state.runtime.db.read() as session:
        broken = {name: (await session.execute(text(query))).all() for name, query in INVARIANTS.items()}
    assert not any(broken.values()), broken


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


MFA, TOTP, LOGIN = "/api/v1/auth/mfa/", "/api/v1/auth/mfa/totp/", "/api/v1/auth/login/"
CODES, CONFIRM = f"{MFA}recovery-codes/", f"{TOTP}confirm/"
STEP_UP, PASSKEYS = "/api/v1/auth/step-up/", "/api/v1/auth/passkeys/"
CREDENTIALS = {"email": "ada@example.com", "password": PASSWORD}
ORIGIN = "http://localhost:8000"
NO_PASSKEY = {"id": "AA", "rawId": "AA", "type": "public-key", "response": {}}


def code_of(secret: str, step: int = 0) -> str:
    """What an authenticator app shows now, or that many steps of 30 seconds later."""
    return pyotp.TOTP(secret).at(machine_now(), counter_offset=step)


def wrong_code(secret: str) -> str:
    """Six digits that no step near now has."""
    near = {code_of(secret, step) for step in range(-3, 4)}
    return next(code for code in (f"{number:06}" for number in range(100)) if code not in near)


Refusal = tuple[int, str, list[str]]


def refused(answer: Any) -> Refusal:
    problem = answer.json()
    return answer.status_code, problem["code"], [error["field"] for error in problem["errors"]]


@dataclass
class Person:
    """Somebody with two-step sign-in: the pair of a session that proved both factors, and what they have."""

    pair: dict[str, Any]
    secret: str
    recovery_codes: list[str]

    @property
    def headers(self) -> dict[str, str]:
        return bearer(self.pair)

    @property
    def next_code(self) -> str:
        """A code that was not used: that of the step after the confirming one."""
        return code_of(self.secret, 1)


async def set_up_totp(client: Any, pair: dict[str, Any]) -> tuple[str, list[str]]:
    """The secret of a confirmed authenticator app, confirmed by the code of now, and the recovery codes."""
    secret = (await client.post(TOTP, headers=bearer(pair))).json()["secret"]
    confirmed = await client.post(f"{TOTP}confirm/", json={"code": code_of(secret)}, headers=bearer(pair))
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.json()["recovery_codes"] or []


@pytest.fixture
async def protected(own, ada):
    """Ada, with an authenticator app, and a pair that says so."""
    secret, codes = await set_up_totp(own, ada)
    pair = await own.post("/api/v1/auth/token/refresh/", json={"refresh_token": ada["refresh_token"]})
    return Person(pair.json(), secret, codes)


@pytest.fixture
def ticket_of(own):
    """`await ticket_of()`: the ticket of a right first step."""

    async def first_step() -> str:
        answer = await own.post(LOGIN, json=CREDENTIALS)
        assert (answer.status_code, answer.json()["code"]) == (403, "mfa_required"), answer.text
        return str(answer.json()["mfa"]["ticket"])

    return first_step


async def add_passkey(client: Any, headers: dict[str, str], passkey: SoftPasskey, name: str = "Laptop") -> Any:
    """The answer to adding that passkey."""
    asked = await client.post(f"{PASSKEYS}options/", headers=headers)
    assert asked.status_code == 200, asked.text
    body = {"ticket": asked.json()["ticket"], "name": name, "credential": passkey.create(asked.json()["options"])}
    return await client.post(PASSKEYS, json=body, headers=headers)


SECOND, SECOND_OPTIONS = f"{LOGIN}mfa/", f"{LOGIN}mfa/options/"
BY_PASSKEY, BY_PASSKEY_OPTIONS = f"{PASSKEYS}login/", f"{PASSKEYS}login/options/"
STEP_UP_OPTIONS = f"{STEP_UP}options/"
VOID: Refusal = (401, "ticket_invalid", [])
WRONG: Refusal = (401, "invalid_code", [])
INVALID: Refusal = (401, "invalid_credentials", [])


async def execute(app: Any, statement: Any) -> None:
    """One statement, committed by itself."""
    async with app.state.runtime.db.autocommit() as session:
        await session.execute(statement)


async def grow_old(app: Any) -> None:
    """Every proof is six minutes old."""
    await execute(app, update(SignInSession).values(authenticated_at=machine_now() - timedelta(minutes=6)))


async def refreshed(client: Any, pair: dict[str, Any]) -> Any:
    """The pair that follows that one."""
    answer = await client.post("/api/v1/auth/token/refresh/", json={"refresh_token": pair["refresh_token"]})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def bob(client: Any) -> Any:
    """The pair of somebody else."""
    return (await client.post("/api/v1/auth/register/", json=registration("bob@example.com"))).json()


async def ask(client: Any, path: str, headers: dict[str, str] | None = None, **body: Any) -> Any:
    """The ticket and the options for a passkey."""
    answer = await client.post(path, json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["ticket"], answer.json()["options"]


@pytest.fixture
async def passkey(own, protected):
    """A passkey of Ada's, who has an authenticator app too."""
    made = SoftPasskey(ORIGIN)
    assert (await add_passkey(own, protected.headers, made)).status_code == 201
    return made


@pytest.fixture
def payments() -> FastAPI:
    """Another service, that says what is open as the test wants it."""
    app = FastAPI()
    app.state.results, app.state.status = [], 200

    @app.get("/internal/people/{person_id}/obligations/")
    async def list_obligations() -> Any:
        return JSONResponse({"results": app.state.results}, app.state.status)

    return app


async def erasures_end(app: FastAPI) -> None:
    """What begins erasures, and the deliveries of their events to identity itself, until nothing more happens."""
    outbox = app.state.runtime.db.system_tables.outbox
    for _ in range(3):
        await run_jobs(app)
        async with app.state.runtime.db.autocommit() as session:
            unasked = update(Erasure).where(Erasure.is_unasked())
            await session.execute(unasked.values(next_try_at=machine_now()))
        await run_jobs(app)
        async with app.state.runtime.db.read() as session:
            wanted = select(outbox).where(outbox.c.type.in_(["ErasureRequested", "PersonErased"]))
            rows = (await session.execute(wanted.order_by(outbox.c.seq))).all()
        for row in rows:
            envelope = Envelope(
                row.event_id, row.type, row.version, row.topic, row.key, row.occurred_at, row.payload, None
            )
            await deliver(app, envelope)


@pytest.fixture
def superusers(app):
    """`await superusers(2)`: the headers of so many."""

    async def make(number: int) -> list[tuple[str, dict[str, str]]]:
        found = []
        for at in range(number):
            async with app.state.runtime.db.transaction() as session:
                email = f"boss{at}@example.com"
                user = await staff.create_staff(session, app.state.runtime.settings, email, PASSWORD, superuser=True)
            found.append((str(user.id), headers_for(user.id, ("user", "staff", "superuser")) | CONFIRMED))
        return found

    return make
