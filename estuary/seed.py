"""Demo data, made through the gateway as people would make them; a later start finds them and makes nothing."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx2

from estuary.database import open_database
from estuary.house import House, build
from estuary.settings import EstuarySettings
from services.identity.service import ensure_staff

PASSWORD = "estuary-demo"
STAFF, PRACTITIONER, CLIENT = (f"{name}@estuary.example" for name in ("staff", "practitioner", "client"))
NAMES = {PRACTITIONER: ("Paula", "Reyes"), CLIENT: ("Casey", "Lind")}
PROFILE = {
    "display_name": "Paula Reyes",
    "bio": "Yoga and breath work, one to one and in small groups. Fifteen years of practice in Lisbon.",
    "specializations": ["vinyasa", "breath work"],
    "timezone": "Europe/Lisbon",
}
WEEK = [{"day_of_week": day, "start_time": "09:00", "end_time": "17:00"} for day in range(5)]
OFFERS: list[dict[str, Any]] = [
    {"title": "One-to-one yoga", "category": "yoga", "amount": 12500, "duration_minutes": 60, "delivery": "online"},
    {
        "title": "Small group breath work",
        "category": "wellness",
        "amount": 2500,
        "duration_minutes": 90,
        "delivery": "in_person",
        "max_participants": 8,
    },
    {"title": "First call", "category": "coaching", "amount": 0, "duration_minutes": 30, "delivery": "online"},
]


class SeedFailed(Exception):
    """A call that makes demo data was refused: its status and problem are in the message."""


class Person:
    """Somebody at the gateway."""

    def __init__(self, client: httpx2.AsyncClient, token: str, user: Mapping[str, Any]) -> None:
        """Signed in with that token."""
        self._client, self._headers, self.user = client, {"Authorization": f"Bearer {token}"}, user

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        """One call under /api/v1; raises SeedFailed unless it is answered with 2xx."""
        answer = await self._client.request(method, f"/api/v1{path}", json=body, headers=self._headers)
        if not answer.is_success:
            raise SeedFailed(f"{method} {path}: {answer.status_code} {answer.text}")
        return answer.json()


async def seed(house: House) -> list[str]:
    """The staff account and, unless ESTUARY_DEMO=0, a practitioner with offers and a client; returns their e-mails."""
    async with house.runtime("identity").db.transaction() as session:
        await ensure_staff(session, STAFF, PASSWORD)
    if not house.settings.demo:
        return [STAFF]
    transport = httpx2.ASGITransport(house.gateway, raise_app_exceptions=False)  # type: ignore[arg-type]
    async with httpx2.AsyncClient(transport=transport, base_url="http://estuary", timeout=30) as client:
        if await sign_in(client, CLIENT) is None:
            await _practitioner(client, house.settings.currency)
            await _register(client, CLIENT)
    return [STAFF, PRACTITIONER, CLIENT]


async def sign_in(client: httpx2.AsyncClient, email: str) -> Person | None:
    """The demo person with that address, or None if there is none yet."""
    answer = await client.post("/api/v1/auth/login/", json={"email": email, "password": PASSWORD})
    if answer.status_code == 401:
        return None
    if answer.status_code != 200:
        raise SeedFailed(f"sign-in of {email}: {answer.status_code} {answer.text}")
    return Person(client, answer.json()["access_token"], answer.json()["user"])


async def _register(client: httpx2.AsyncClient, email: str) -> None:
    first, last = NAMES[email]
    body = {"email": email, "password": PASSWORD, "first_name": first, "last_name": last}
    answer = await client.post("/api/v1/auth/register/", json=body)
    if answer.status_code not in {201, 409}:
        raise SeedFailed(f"registration of {email}: {answer.status_code} {answer.text}")


async def _practitioner(client: httpx2.AsyncClient, currency: str) -> None:
    """Registered, approved, with hours and offers. Each part that an interrupted start has made is found again."""
    await _register(client, PRACTITIONER)
    person, staff = await sign_in(client, PRACTITIONER), await sign_in(client, STAFF)
    assert person is not None
    assert staff is not None
    if not (await staff.call("GET", "/admin/practitioners/?search=Paula"))["total"]:
        await person.call("POST", "/practitioners/apply/", PROFILE)
    practitioner = (await staff.call("GET", "/admin/practitioners/?search=Paula"))["results"][0]
    await staff.call("POST", f"/admin/practitioners/{practitioner['id']}/verification/", {"decision": "approve"})
    person = await _with_role(client)
    schedule = {"timezone": PROFILE["timezone"], "weekly": WEEK}
    await person.call("POST", f"/practitioners/{practitioner['id']}/schedule/", schedule)
    offered = await person.call("GET", f"/services/?practitioner_id={practitioner['id']}")
    titles = {service["title"] for service in offered["results"]}
    for offer in OFFERS:
        if offer["title"] not in titles:
            await person.call("POST", "/services/", _service(offer, currency))


async def _with_role(client: httpx2.AsyncClient) -> Person:
    """The practitioner with a token that has the role: identity learns of the approval by an event."""
    for pause in (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2):
        person = await sign_in(client, PRACTITIONER)
        if person is not None and "practitioner" in person.user["roles"]:
            return person
        await asyncio.sleep(pause)
    raise SeedFailed("the practitioner's approval did not reach identity")


def _service(offer: Mapping[str, Any], currency: str) -> dict[str, Any]:
    rest = {name: value for name, value in offer.items() if name != "amount"}
    description = f"{offer['title']} with Paula Reyes, {offer['duration_minutes']} minutes."
    return {
        "service_type": "session",
        "description": description,
        "price": {"amount": offer["amount"], "currency": currency},
        **rest,
    }


async def create_staff(
    settings: EstuarySettings, env: Mapping[str, str], email: str, password: str, superuser: bool
) -> None:
    """Makes that staff account, or promotes an existing one."""
    async with open_database(settings, lambda _: None) as url:
        house = build(settings, env, url)
        async with house.runtime("identity").db.transaction() as session:
            user = await ensure_staff(session, email, password, superuser=superuser)
        for app in house.apps.values():
            await app.state.runtime.db.close()
    print(f"{user.email} is staff")
