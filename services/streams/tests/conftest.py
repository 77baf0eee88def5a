"""A streams service of its own for each test, and people who use it."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text
from starlette.responses import JSONResponse

from devtools.testing.callers import headers_for
from devtools.testing.delivery import deliver, events_of
from devtools.testing.observation import statements as sent_meanwhile
from services.streams.app import create_app
from services.streams.invariants import INVARIANTS
from services.streams.tests.shop import Shop
from shared.events.identity import UserRegistered
from shared.internal.identity import USER, InternalUser
from shared.records.ids import new_id

API = "/api/v1"
STREAM = {
    "title": "Quiet mornings",
    "description": "Breath and balance, every day.",
    "tiers": [
        {"name": "Friends", "level": 1, "price": {"amount": 500, "currency": "USD"}},
        {"name": "Patrons", "level": 2, "price": {"amount": 1500, "currency": "USD"}},
    ],
}
POST = {"title": "Day one", "body": "Begin by sitting.", "post_type": "text", "tier_level": 0, "status": "published"}
OPTIONS = ["Sitting", "Walking", "Lying down"]


@pytest.fixture
def accounts() -> dict[UUID, InternalUser]:
    """Whom identity knows, by id."""
    return {}


@pytest.fixture
def shop(clock) -> Shop:
    """The payments that streams asks."""
    return Shop(clock)


@pytest.fixture
async def app(runtime_for, accounts, shop) -> FastAPI:
    """The service beside an identity that answers what `accounts` says, and a payments that sells."""
    identity = FastAPI()

    @identity.get(USER.path)
    async def user(user_id: UUID) -> Any:
        missing = {"detail": "There is no such user.", "code": "not_found"}
        return accounts.get(user_id) or JSONResponse(missing, 404, media_type="application/problem+json")

    return create_app(await runtime_for("streams", peers={"identity": identity, "payments": shop.app}))


@pytest.fixture
def client(app, client_for):
    return client_for(app)


@dataclass
class Person:
    """Somebody signed in, or nobody (without headers)."""

    client: httpx2.AsyncClient
    user_id: UUID
    headers: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, body: Any = None, **more: Any) -> httpx2.Response:
        return await self.client.request(method, f"{API}{path}", json=body, headers=self.headers, **more)

    async def get(self, path: str, **more: Any) -> httpx2.Response:
        return await self.call("GET", path, **more)

    async def post(self, path: str, body: Any = None) -> httpx2.Response:
        return await self.call("POST", path, body)

    async def put(self, path: str, body: Any = None) -> httpx2.Response:
        return await self.call("PUT", path, body)

    async def delete(self, path: str) -> httpx2.Response:
        return await self.call("DELETE", path)

    async def opens(self, **changes: Any) -> Any:
        """A stream of one's own."""
        return made(await self.post("/streams/", {**STREAM, **changes}))

    async def writes(self, stream: Any, **changes: Any) -> Any:
        """A post in one's own stream."""
        return made(await self.post(f"/streams/{stream['id']}/posts/", {**POST, **changes}))

    async def follows(self, stream: Any) -> None:
        made(await self.post(f"/streams/{stream['id']}/subscribe/", {"tier_level": 0}))

    async def subscribes(self, stream: Any, level: int) -> Any:
        """To a paid tier, with a saved card."""
        body = {"tier_level": level, "payment_method_id": str(new_id())}
        return made(await self.post(f"/streams/{stream['id']}/subscribe/", body))

    async def comments(self, post: Any, body: str = "Lovely.", **more: Any) -> Any:
        return made(await self.post(f"/posts/{post['id']}/comments/", {"body": body, **more}))


def made(answer: httpx2.Response) -> Any:
    assert answer.status_code == 201, answer.text
    return answer.json()


def code(answer: httpx2.Response) -> tuple[int, str]:
    """Status and the reason: the problem's own code, or that of its first field."""
    problem = answer.json()
    errors = problem["errors"]
    return answer.status_code, errors[0]["code"] if problem["code"] == "invalid" and errors else problem["code"]


@pytest.fixture
def somebody(client):
    """`somebody()`: a person whom this service has never heard of."""

    def make() -> Person:
        user_id = new_id()
        return Person(client, user_id, headers_for(user_id))

    return make


@pytest.fixture
def known(app, client):
    """`await known("Casey", "Lind")`: a person of whose registration identity has published an event."""

    async def make(first: str = "Casey", last: str = "Lind") -> Person:
        user_id = new_id()
        registered = UserRegistered(
            user_id=user_id, email=f"{user_id}@example.org", first_name=first, last_name=last, timezone="UTC"
        )
        await deliver(app, registered)
        return Person(client, user_id, headers_for(user_id))

    return make


@pytest.fixture
def nobody(client) -> Person:
    return Person(client, new_id())


@pytest.fixture
def creator(client):
    """`creator()`: a verified practitioner."""

    def make() -> Person:
        user_id = new_id()
        return Person(client, user_id, headers_for(user_id, ("user", "practitioner"), new_id()))

    return make


@pytest.fixture
def maya(creator):
    return creator()


@pytest.fixture
async def stream(maya) -> Any:
    """Maya's, with the levels 0, 1 and 2."""
    return await maya.opens()


@pytest.fixture
def poll(clock) -> dict[str, Any]:
    """What makes a post a poll that is open for a day."""
    closes_at = (clock.now() + timedelta(days=1)).isoformat()
    return {"post_type": "poll", "poll": {"options": OPTIONS, "closes_at": closes_at}}


@pytest.fixture
def sql(app):
    """`await sql("select ...")`: what stands in the tables."""

    async def run(statement: str, **values: Any) -> list[Any]:
        async with app.state.runtime.db.transaction() as session:
            result = await session.execute(text(statement), values)
            return list(result.all()) if result.returns_rows else []

    return run


@pytest.fixture
def broken(sql):
    """`await broken()`: the invariants that do not hold, by name."""

    async def look() -> list[str]:
        return [name for name, statement in INVARIANTS.items() if await sql(statement)]

    return look


@pytest.fixture
def statements(app):
    """`with statements() as made:` collects the SQL that the service sends meanwhile."""
    return lambda: sent_meanwhile(app.state.runtime.db)


async def published(app, kind):
    return [event for event in await events_of(app.state.runtime) if isinstance(event, kind)]


@pytest.fixture
def at(clock):
    """`at(minutes)`: a moment from now on, as a client writes it."""
    return lambda minutes: (clock.now() + timedelta(minutes=minutes)).isoformat()
