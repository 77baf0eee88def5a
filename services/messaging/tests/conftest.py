"""What the tests of messaging share: people who are known, a practitioner, conversations, a real socket server."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from fastapi import FastAPI
from sqlalchemy import insert
from starlette.responses import JSONResponse
from websockets.asyncio.client import ClientConnection, connect

from devtools.testing import servers
from devtools.testing.answers import a_practitioner, a_user
from devtools.testing.callers import headers_for, token_for
from devtools.testing.delivery import deliver
from devtools.testing.events import verification
from devtools.testing.waiting import PATIENCE
from estuary.run.socket_protocol import Sockets
from services.messaging.app import create_app
from services.messaging.conversations.models import Conversation
from services.messaging.messages.models import Message
from shared.errors import NotFound
from shared.events.booking import BookingConfirmed, BookingSnapshot
from shared.events.catalog import PractitionerVerificationChanged
from shared.events.identity import UserRegistered
from shared.internal.booking import BOOKING
from shared.internal.catalog import PRACTITIONER_OF_USER
from shared.internal.identity import USER
from shared.records.ids import new_id
from shared.records.money import Money

URL = "/api/v1/conversations/"


@dataclass
class Person:
    """Somebody signed in; `client` speaks to one app."""

    id: UUID
    client: Any
    practitioner_id: UUID | None = None

    @property
    def roles(self) -> tuple[str, ...]:
        return ("user", "practitioner") if self.practitioner_id else ("user",)

    @property
    def token(self) -> str:
        return token_for(self.id, self.roles, self.practitioner_id)

    @property
    def headers(self) -> dict[str, str]:
        return headers_for(self.id, self.roles, self.practitioner_id)

    async def get(self, path: str, **query: Any) -> Any:
        return await self.client.get(path, params=query, headers=self.headers)

    async def post(self, path: str, body: Any = None) -> Any:
        return await self.client.post(path, json=body or {}, headers=self.headers)

    async def delete(self, path: str) -> Any:
        return await self.client.delete(path, headers=self.headers)

    async def opens(self, *others: "Person", expect: int = 201, **more: Any) -> Any:
        answer = await self.post(URL, {"participant_ids": [str(other.id) for other in others], **more})
        assert answer.status_code == expect, answer.text
        return answer.json()

    async def writes(self, conversation: Any, body: str = "hello", expect: int = 201, **more: Any) -> Any:
        answer = await self.post(f"{URL}{conversation['id']}/messages/", {"body": body, **more})
        assert answer.status_code == expect, answer.text
        return answer.json()

    async def reads(self, conversation: Any, message: Any, expect: int = 204) -> None:
        answer = await self.post(f"{URL}{conversation['id']}/read/", {"up_to": message["id"]})
        assert answer.status_code == expect, answer.text

    async def sees(self, conversation: Any) -> Any:
        return (await self.get(f"{URL}{conversation['id']}/")).json()

    async def history(self, conversation: Any, **query: Any) -> list[str]:
        """The bodies, newest first."""
        answer = await self.get(f"{URL}{conversation['id']}/messages/", **query)
        assert answer.status_code == 200, answer.text
        return [message["body"] for message in answer.json()["results"]]


Known = dict[str, dict[str, Any]]


@pytest.fixture
def elsewhere() -> dict[str, Known]:
    """What the other services answer, by service and id, beside what their events told."""
    return {"identity": {}, "catalog": {}, "booking": {}}


@pytest.fixture
async def app(runtime_for: Any, elsewhere: dict[str, Known]) -> FastAPI:
    asked = (USER, PRACTITIONER_OF_USER, BOOKING)
    peers = {one.service: answering(re.sub(r"{\w+}", "{id}", one.path), elsewhere[one.service]) for one in asked}
    return create_app(await runtime_for("messaging", peers=peers))


def answering(path: str, known: Known) -> FastAPI:
    """A service that knows these objects."""
    app = FastAPI()

    @app.get(path)
    async def answer(id: str) -> JSONResponse:
        return JSONResponse(known[id]) if id in known else JSONResponse(NotFound().problem(), 404)

    return app


@pytest.fixture
def someone(app: FastAPI, client_for: Any) -> Callable[..., Any]:
    """`await someone("Ada")`: a person of whom identity has told; `verified=True` makes a practitioner."""

    async def make(first_name: str = "Ada", *, verified: bool = False, known: bool = True) -> Person:
        person = Person(new_id(), client_for(app), new_id() if verified else None)
        if known:
            await deliver(app, registered(person.id, first_name))
        if verified:
            await deliver(app, approved(person))
        return person

    return make


@pytest.fixture
async def client(someone: Any) -> Person:
    return await someone("Cleo")


@pytest.fixture
async def seller(someone: Any) -> Person:
    return await someone("Sal", verified=True)


@pytest.fixture
async def stranger(someone: Any) -> Person:
    return await someone("Stan")


@pytest.fixture
async def talk(client: Person, seller: Person) -> Any:
    """A conversation of the client and the practitioner."""
    return await client.opens(seller)


@pytest.fixture
def staff(app: FastAPI, client_for: Any) -> Person:
    class Staff(Person):
        roles = ("user", "staff")

    return Staff(new_id(), client_for(app))


def registered(user_id: UUID, first_name: str) -> UserRegistered:
    return UserRegistered(
        user_id=user_id, email=f"{user_id}@example.org", first_name=first_name, last_name="Doe", timezone="UTC"
    )


def approved(person: Person, status: str = "approved", version: int = 2) -> PractitionerVerificationChanged:
    assert person.practitioner_id is not None
    return verification(person.practitioner_id, person.id, status, version, "Sal's practice")


def practice(display_name: str) -> dict[str, Any]:
    """What catalog answers about somebody approved."""
    return a_practitioner(display_name=display_name, version=2).model_dump(mode="json")


def account(first_name: str, last_name: str) -> dict[str, Any]:
    """What identity answers about somebody of that name."""
    return a_user(first_name=first_name, last_name=last_name).model_dump(mode="json")


def snapshot(client: Person, seller: Person, **changes: Any) -> BookingSnapshot:
    start, usd = datetime(2026, 12, 7, 14, 0, tzinfo=UTC), Money(5000, "USD")
    given = {
        "id": new_id(), "status": "confirmed", "service_id": new_id(), "service_title": "Quiet yoga",
        "practitioner_id": seller.practitioner_id or new_id(), "practitioner_user_id": seller.id,
        "client_id": client.id, "order_id": new_id(), "start_time": start, "end_time": start + timedelta(hours=1),
        "timezone": "UTC", "delivery": "online", "total": usd, "credits_applied": Money.zero("USD"),
        "amount_due": usd, "start_version": 1, "created_at": start, "notes": None,
    }  # fmt: skip
    return BookingSnapshot.model_validate(given | changes)


async def booked(app: FastAPI, client: Person, seller: Person) -> BookingSnapshot:
    """A confirmed booking of which messaging has heard."""
    booking = snapshot(client, seller)
    await deliver(app, BookingConfirmed(booking=booking))
    return booking


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[str]:
    """`ws://127.0.0.1:port` of the app behind a real uvicorn, its lifespan entered."""
    config = {"timeout_graceful_shutdown": 2, "ws_per_message_deflate": False, "ws": Sockets}
    async with servers.served(app, **config) as address:
        try:
            yield f"ws://{address}"
        finally:
            await app.state.hub.stop()


@pytest.fixture
async def address(app: FastAPI) -> AsyncIterator[str]:
    async with served(app) as url:
        yield url


def chat(address: str, person: Person, conversation: Any, **query: Any) -> connect:
    """A client on the conversation's socket."""
    given = "".join(f"&{name}={value}" for name, value in query.items())
    return connect(f"{address}/ws/chat/{conversation['id']}/?token={person.token}{given}", compression=None)


async def frame(socket: ClientConnection, kind: str | None = None) -> Any:
    """The next frame, or the next of that type."""
    async with asyncio.timeout(PATIENCE):
        while True:
            found = json.loads(await socket.recv())
            if kind is None or found["type"] == kind:
                return found


async def say(socket: ClientConnection, kind: str, **data: Any) -> None:
    await socket.send(json.dumps({"type": kind, "data": data}))


async def wrote(app, person, talk, count, body=""):
    """That many messages, stored without the service."""
    async with app.state.runtime.db.transaction() as session:
        conversation = await session.get_one(Conversation, UUID(talk["id"]))
        rows = [
            {
                "id": new_id(),
                "conversation_id": conversation.id,
                "seq": conversation.last_seq + number,
                "sender_id": person.id,
                "body": body or str(number),
                "created_at": session.now(),
            }
            for number in range(1, count + 1)
        ]
        await session.execute(insert(Message), rows)
        conversation.last_seq, conversation.last_message_id = rows[-1]["seq"], rows[-1]["id"]
