"""People for a measurement: practitioners with long hours, clients with tokens, over HTTP like anyone."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import aiohttp

ALL_DAY = [{"day_of_week": day, "start_time": "00:00", "end_time": "23:59"} for day in range(7)]


@dataclass
class Person:
    """Somebody with a token."""

    http: aiohttp.ClientSession
    url: str
    token: str
    user: Mapping[str, Any]

    async def call(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        """One call under /api/v1: status and JSON."""
        own = {"Authorization": f"Bearer {self.token}", **headers}
        async with self.http.request(method, f"{self.url}/api/v1{path}", json=body, headers=own) as answer:
            return answer.status, await answer.json(content_type=None)

    async def must(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of a call that has to be answered with 2xx."""
        status, data = await self.call(method, path, body, **headers)
        if status >= 300:
            raise RuntimeError(f"{method} {path}: {status} {data}")
        return data


class Updates:
    """What a person's socket says of their bookings."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._confirmed: defaultdict[str, asyncio.Event] = defaultdict(asyncio.Event)

    async def confirmed(self, booking_id: str, seconds: float = 30) -> None:
        """Returns when the socket has said that the booking is confirmed."""
        async with asyncio.timeout(seconds):
            await self._confirmed[booking_id].wait()
        del self._confirmed[booking_id]

    async def follow(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        """Reads the socket until it closes."""
        async for message in socket:
            frame = message.json()
            if frame["type"] == "booking.confirmed":
                self._confirmed[frame["data"]["id"]].set()


@asynccontextmanager
async def updates_of(person: Person) -> AsyncIterator[Updates]:
    """The person's open socket `/ws/booking-updates/`."""
    updates = Updates()
    async with person.http.ws_connect(f"{person.url}/ws/booking-updates/?token={person.token}") as socket:
        following = asyncio.create_task(updates.follow(socket))
        try:
            yield updates
        finally:
            following.cancel()


async def sign_in(http: aiohttp.ClientSession, url: str, email: str, password: str = "estuary-demo") -> Person:
    """The person with that account."""
    async with http.post(f"{url}/api/v1/auth/login/", json={"email": email, "password": password}) as answer:
        data = await answer.json()
        return Person(http, url, data["access_token"], data["user"])


async def register(http: aiohttp.ClientSession, url: str) -> Person:
    """A new client."""
    body = {"email": f"{uuid4().hex}@bench.example", "password": "estuary-bench", "first_name": "B", "last_name": "C"}
    async with http.post(f"{url}/api/v1/auth/register/", json=body) as answer:
        data = await answer.json()
        return Person(http, url, data["access_token"], data["user"])


@dataclass
class OpenService:
    """A service and its free slots, each to be used once."""

    service_id: str
    slots: list[str]


async def verified(http: aiohttp.ClientSession, url: str) -> tuple[Person, str]:
    """A practitioner of their own, and the practitioner's id."""
    staff, person = await sign_in(http, url, "staff@estuary.example"), await register(http, url)
    profile = {"display_name": "Bench", "bio": "b", "specializations": ["x"], "timezone": "UTC"}
    applied = await person.must("POST", "/practitioners/apply/", profile)
    await staff.must("POST", f"/admin/practitioners/{applied['id']}/verification/", {"decision": "approve"})
    email = person.user["email"]
    async with asyncio.timeout(30):
        while "practitioner" not in person.user["roles"]:
            person = await sign_in(http, url, email, "estuary-bench")
    return person, applied["id"]


async def offer(
    http: aiohttp.ClientSession, url: str, *, days: int = 30, price: int = 5000, **more: Any
) -> OpenService:
    """A practitioner of their own with half-hour sessions around the clock."""
    staff, (person, practitioner_id) = await sign_in(http, url, "staff@estuary.example"), await verified(http, url)
    await person.must("POST", f"/practitioners/{practitioner_id}/schedule/", {"timezone": "UTC", "weekly": ALL_DAY})
    session = {
        "service_type": "session",
        "title": "Bench",
        "description": "d",
        "category": "yoga",
        "price": {"amount": price, "currency": "USD"},
        "duration_minutes": 30,
        "delivery": "online",
        **more,
    }
    service = await person.must("POST", "/services/", session)
    now = (await staff.must("POST", "/sandbox/clock/", {"advance": "PT0S"}))["now"]
    first = date.fromisoformat(now[:10]) + timedelta(days=1)
    query = f"service_id={service['id']}&from={first}&to={first + timedelta(days=days)}"
    slots = (await person.must("GET", f"/practitioners/{practitioner_id}/availability/?{query}"))["results"]
    return OpenService(service["id"], [slot["start_time"] for slot in slots])
