"""A catalog of its own for each test, and people who use it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pytest
from fastapi import FastAPI

from devtools.testing.bodies import SERVICE
from devtools.testing.callers import headers_for
from devtools.testing.observation import statements as sent_meanwhile
from services.catalog.app import create_app
from shared.internal.booking import (
    LOCATIONS_IN_USE,
    LOCATIONS_OF_CLIENT,
    USABLE_RESOURCES,
    LocationIds,
    UsableResources,
)
from shared.records.ids import new_id

API = "/api/v1"
RESOURCE_ID, CLIENT_ID = UUID(int=5), UUID(int=7)
USED: dict[UUID, UUID] = {}
"""By location: who has a booking there."""
PROFILE = {"display_name": "Maya Ríos", "bio": "Breath and balance.", "specializations": ["Vinyasa"], "timezone": "UTC"}


def a_booking() -> FastAPI:
    """A booking service in which everybody may use the one resource, and these locations are in use."""
    made = FastAPI()

    @made.get(USABLE_RESOURCES.path)
    async def usable(practitioner_id: UUID) -> UsableResources:
        return UsableResources(ids=[RESOURCE_ID])

    @made.get(LOCATIONS_IN_USE.path)
    async def in_use(practitioner_id: UUID) -> LocationIds:
        return LocationIds(ids=list(USED))

    @made.get(LOCATIONS_OF_CLIENT.path)
    async def of_client(practitioner_id: UUID, client_id: UUID) -> LocationIds:
        return LocationIds(ids=[location for location, client in USED.items() if client == client_id])

    return made


@pytest.fixture
def plan_limits() -> str:
    """Off: the people here have as many services as a test needs."""
    return "off"


@pytest.fixture
async def app(runtime_for, plan_limits) -> FastAPI:
    return create_app(
        await runtime_for("catalog", peers={"booking": a_booking()}, env={"CATALOG_PLAN_LIMITS": plan_limits})
    )


@pytest.fixture
def client(app, client_for):
    return client_for(app)


@pytest.fixture
def staff() -> dict[str, str]:
    return headers_for(roles=("user", "staff"))


@dataclass(frozen=True)
class Person:
    """A user with a practitioner's profile."""

    client: httpx2.AsyncClient
    user_id: UUID
    id: UUID

    @property
    def headers(self) -> dict[str, str]:
        return headers_for(self.user_id, ("user", "practitioner"), self.id)

    async def creates_service(self, **changes: Any) -> Any:
        answer = await self.client.post(f"{API}/services/", json={**SERVICE, **changes}, headers=self.headers)
        assert answer.status_code == 201, answer.text
        return answer.json()


@pytest.fixture
def applicant(client):
    async def make(**changes):
        user_id = new_id()
        body = {**PROFILE, **changes}
        answer = await client.post(f"{API}/practitioners/apply/", json=body, headers=headers_for(user_id))
        assert answer.status_code == 201, answer.text
        return Person(client, user_id, UUID(answer.json()["id"]))

    return make


@pytest.fixture
def decide(client, staff):
    async def make(person, decision, **more):
        path = f"{API}/admin/practitioners/{person.id}/verification/"
        return await client.post(path, json={"decision": decision, **more}, headers=staff)

    return make


@pytest.fixture
def practitioner(applicant, decide):
    async def make(**changes):
        person = await applicant(**changes)
        assert (await decide(person, "approve")).status_code == 200
        return person

    return make


@pytest.fixture
async def maya(practitioner):
    """An approved practitioner."""
    return await practitioner()


@pytest.fixture
def statements(app):
    """`with statements() as made:` collects the SQL that the service sends meanwhile."""
    return lambda: sent_meanwhile(app.state.runtime.db)
