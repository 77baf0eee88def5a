"""Demo data, made through the gateway as people would make them; a later start finds them and makes nothing."""

import asyncio
from collections.abc import Mapping
from typing import Any

import httpx2

from estuary.run.all_in_one import AllInOne
from estuary.settings import EstuarySettings
from estuary.staff import identity_database
from services.identity.accounts.domain import DEMO_ACCOUNTS
from services.identity.settings import IdentitySettings
from services.identity.staff.service import seed_staff
from shared.database.session import Session
from shared.records.currencies import minimum_charge

PASSWORD = "estuary-demo"
STAFF, SUPERUSER, PRACTITIONER, CLIENT = DEMO_ACCOUNTS
OFFICE = [STAFF, SUPERUSER]
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
STREAM = {
    "title": "Breath by breath",
    "description": "Short practices for busy days, by Paula Reyes. What is free stays free.",
}
TIERS = [("Companions", 1, 500), ("Inner circle", 2, 2000)]
POSTS: list[dict[str, Any]] = [
    {
        "title": "Four counts in, six counts out",
        "body": "Sit as you are. Breathe in while you count to four, out while you count to six. Ten times. "
        "The long way out is what tells the body that nothing is chasing it.",
        "post_type": "text",
        "tier_level": 0,
    },
    {
        "title": "When do you practise?",
        "body": "I am planning the spring, and would like to know when you have ten quiet minutes.",
        "post_type": "poll",
        "tier_level": 0,
        "poll": {"options": ["Before breakfast", "At lunch", "After work", "When everybody sleeps"]},
    },
    {
        "title": "A week of mornings",
        "teaser": "Seven practices of ten minutes, one for each day, from the first stretch to standing still.",
        "body": "Monday: the cat and the cow, slowly. Tuesday: the same, with the eyes closed. Wednesday: nothing but "
        "standing. Thursday: the sun, three times. Friday: twists. Saturday: lie down. Sunday: choose.",
        "post_type": "gallery",
        "tier_level": 1,
    },
    {
        "title": "The long exhale, guided",
        "teaser": "Twenty minutes with my voice, for the evenings on which sleep is far away.",
        "body": "Find the floor with your back. I will count, so that you need not.",
        "post_type": "audio",
        "tier_level": 2,
    },
]
QUESTION = "Hello Paula, I have not done yoga for years. Is the one-to-one hour for beginners too?"
ANSWER = "It is made for them. We begin where you are; all you need is a mat and a quiet corner."


PLAN_PAUSE, PLAN_TRIES = 0.2, 150
"""Seconds between two tries to offer what a plan allows, and how many there are."""


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
        return answer.json() if answer.content else None


async def seed(all_in_one: AllInOne) -> list[str]:
    """Accounts of staff and, unless ESTUARY_DEMO=0, a practitioner with offers and a client; returns their e-mails."""
    identity = all_in_one.runtime("identity")
    async with identity.db.transaction() as session:
        await _seed_staff(session, IdentitySettings.of(identity.env))
    transport = httpx2.ASGITransport(all_in_one.gateway, raise_app_exceptions=False)  # type: ignore[arg-type]  # set by `build` before anything is seeded
    async with httpx2.AsyncClient(transport=transport, base_url="http://estuary", timeout=30) as client:
        return await seed_demo_data(client, all_in_one.settings)


async def seed_demo_data(client: httpx2.AsyncClient, settings: EstuarySettings) -> list[str]:
    """The demo data through that client of a gateway; accounts of staff are there. Returns the accounts' e-mails."""
    if not settings.demo:
        return OFFICE
    if await sign_in(client, CLIENT) is None:
        await _practitioner(client, settings.currency)
        await _register(client, CLIENT)
        await _conversation(client)
    return [*OFFICE, PRACTITIONER, CLIENT]


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
    await _premium(person)
    for offer in OFFERS:
        if offer["title"] not in titles:
            await _offer(person, _service(offer, currency))
    await _stream(person, practitioner["id"], currency)


async def _premium(person: Person) -> None:
    """The practitioner is on the plan without limits, paid by a saved card that renews it."""
    if (await person.call("GET", "/subscriptions/?kind=platform&status=active"))["total"]:
        return
    plans = (await person.call("GET", "/plans/?kind=platform"))["results"]
    premium = next(plan for plan in plans if plan["code"] == "premium")
    saved = await person.call("POST", "/payments/methods/", {"payment_method": "pm_card_visa"})
    terms = {"plan_id": premium["id"], "interval": "month", "payment_method_id": saved["method"]["id"]}
    await person.call("POST", "/subscriptions/", terms)


async def _offer(person: Person, service: Mapping[str, Any]) -> None:
    """Catalog learns of a plan by an event, which takes a moment."""
    for pause in (*[PLAN_PAUSE] * PLAN_TRIES, None):
        try:
            await person.call("POST", "/services/", service)
            return
        except SeedFailed as refused:
            if pause is None or "plan_limit" not in str(refused):
                raise
            await asyncio.sleep(pause)


async def _stream(person: Person, practitioner_id: str, currency: str) -> None:
    """The practitioner's stream with a post of most kinds, two of them for its paid tiers."""
    found = (await person.call("GET", f"/streams/?practitioner_id={practitioner_id}"))["results"]
    tiers = [{"name": name, "level": level, "price": price_in(currency, amount)} for name, level, amount in TIERS]
    stream = found[0] if found else await person.call("POST", "/streams/", {**STREAM, "tiers": tiers})
    path = f"/streams/{stream['id']}/posts/"
    titles = {post["title"] for post in (await person.call("GET", path))["results"]}
    for post in POSTS:
        if post["title"] not in titles:
            await person.call("POST", path, {**post, "status": "published"})


async def _conversation(client: httpx2.AsyncClient) -> None:
    """A question and its answer; what an interrupted start has sent is not sent twice."""
    caller, practitioner = await sign_in(client, CLIENT), await sign_in(client, PRACTITIONER)
    assert caller is not None
    assert practitioner is not None
    opened = await caller.call("POST", "/conversations/", {"participant_ids": [practitioner.user["id"]]})
    path = f"/conversations/{opened['id']}"
    for number, (body, writer, reader) in enumerate(
        [(QUESTION, caller, practitioner), (ANSWER, practitioner, caller)], start=1
    ):
        sent = await writer.call("POST", f"{path}/messages/", {"body": body, "client_id": f"demo-{number}"})
        await reader.call("POST", f"{path}/read/", {"up_to": sent["id"]})


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
        "price": price_in(currency, offer["amount"]),
        **rest,
    }


def price_in(currency: str, cents: int) -> dict[str, Any]:
    """A price of the demo, made for dollars: as many times larger as the currency's minimum charge is."""
    return {"amount": cents * max(minimum_charge(currency) // minimum_charge("USD"), 1), "currency": currency}


async def add_staff(url: str, env: Mapping[str, str]) -> None:
    """The demo's accounts of staff, in identity's own schema, which has to be migrated."""
    async with identity_database(url) as db, db.transaction() as session:
        await _seed_staff(session, IdentitySettings.of(env))


async def _seed_staff(session: Session, settings: IdentitySettings) -> None:
    await seed_staff(session, settings, STAFF, PASSWORD)
    await seed_staff(session, settings, SUPERUSER, PASSWORD, superuser=True)
