"""Customers who book, pay and sometimes cancel. Whoever gets no answer asks again, with the same key."""

import asyncio
import random
import time
from collections import Counter
from dataclasses import dataclass, field

import aiohttp

from tests.journey.people import PASSWORD, Person
from tests.journey.world import API, Answer, Json, World

CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined")
LEAVES, CANCELS = 0.08, 0.12
PATIENCE = 180.0
NO_ANSWER = (aiohttp.ClientError, OSError, TimeoutError)
BUSY = {"request_in_progress", "rate_limited"}


@dataclass(frozen=True)
class Promise:
    """An answer of 2xx that somebody holds: what was asked, and what was said."""

    person: Person
    path: str
    body: Json
    key: str
    answer: Answer

    @property
    def trace(self) -> str:
        """By what the logs know the request."""
        return self.answer.headers.get("X-Request-ID", "")


@dataclass
class Notebook:
    """What all customers have seen."""

    booked: dict[str, Promise] = field(default_factory=dict)
    paid: dict[str, Promise] = field(default_factory=dict)
    cancelling: set[str] = field(default_factory=set)
    cancelled: dict[str, Promise] = field(default_factory=dict)
    promises: list[Promise] = field(default_factory=list)
    again: Counter[str] = field(default_factory=Counter)
    unanswered: list[str] = field(default_factory=list)
    checkouts: int = 0


@dataclass(frozen=True)
class OpenService:
    """One start of one service."""

    service_id: str
    start: str


class Customers:
    """Several at once, who all want the same offers."""

    def __init__(self, world: World, people: list[Person], offers: list[OpenService], chance: random.Random) -> None:
        """Nobody asks for anything yet."""
        self.world, self.people, self.offers, self._chance = world, people, offers, chance
        self.notes = Notebook()
        self.leave, self.standing_since = asyncio.Event(), time.monotonic()

    def note_restart(self) -> None:
        """All that they ask was down and stands again: an answer is due from now on, not from when it was asked for."""
        self.standing_since = time.monotonic()

    async def shop(self) -> None:
        """All of them, until `leave` is set and each has ended what it had begun."""
        await asyncio.gather(*(self._shop(person) for person in self.people))

    async def _shop(self, person: Person) -> None:
        while not self.leave.is_set():
            offer = self._chance.choice(self.offers)
            body = {"service_id": offer.service_id, "start_time": offer.start}
            booked = await self.insist(person, "/bookings/", body)
            if booked is not None:
                self.notes.booked[booked.answer["id"]] = booked
                await self._check_out(person, booked.answer.body)
                self.notes.checkouts += 1

    async def _check_out(self, person: Person, booking: Json) -> None:
        payment = booking["payment"]
        if payment is None or self._chance.random() < LEAVES:
            return
        body = {"order_id": payment["order_id"], "payment_method": self._chance.choice(CARDS)}
        paid = await self.insist(person, "/payments/confirm/", body)
        if paid is None or paid.answer["status"] != "succeeded":
            return
        self.notes.paid[booking["id"]] = paid
        if self._chance.random() < CANCELS:
            self.notes.cancelling.add(booking["id"])
            cancelled = await self.insist(person, f"/bookings/{booking['id']}/cancel/", {})
            if cancelled is not None:
                self.notes.cancelled[booking["id"]] = cancelled

    async def insist(self, person: Person, path: str, body: Json) -> Promise | None:
        """Asks with one key until there is an answer: a promise, or None for a refusal."""
        key = self.world.unique("storm")
        answer = await self.answer(person, "POST", path, body, key)
        if answer is None or answer.status >= 300:
            return None
        promise = Promise(person, path, body, key, answer)
        self.notes.promises.append(promise)
        return promise

    async def answer(
        self, person: Person, method: str, path: str, body: Json = None, key: str | None = None
    ) -> Answer | None:
        """The first answer of an installation in order; None, and a note, if there is none in three minutes in which
        it was never down as a whole."""
        asked, why = time.monotonic(), Counter[str]()
        while time.monotonic() < max(asked, self.standing_since) + PATIENCE:
            try:
                answer = await self._ask(person, method, path, body, key)
                trouble = trouble_of(answer)
                if answer.status == 401:
                    await self._sign_in(person)
                elif not trouble:
                    return answer
            except NO_ANSWER as error:
                trouble = type(error).__name__
            why[trouble] += 1
            self.notes.again[trouble] += 1
            await asyncio.sleep(self._chance.uniform(0.1, 0.8))
        waited = f"{time.monotonic() - asked:.0f} s"
        self.notes.unanswered.append(f"{method} {path} {body} with key {key} had no answer in {waited}: {dict(why)}")
        return None

    async def _ask(self, person: Person, method: str, path: str, body: Json, key: str | None) -> Answer:
        headers = {"Authorization": f"Bearer {person.token}", **({"Idempotency-Key": key} if key else {})}
        payload = {"json": body} if body is not None else {}
        async with self.world.http.request(method, self.world.base + API + path, headers=headers, **payload) as got:
            json = "json" in got.headers.get("Content-Type", "")
            return Answer(got.status, await got.json(content_type=None) if json else await got.text(), got.headers)

    async def _sign_in(self, person: Person) -> None:
        body = {"email": person.email, "password": PASSWORD}
        async with self.world.http.post(f"{self.world.base}{API}/auth/login/", json=body) as got:
            if got.status == 200:
                person.token = (await got.json())["access_token"]


def trouble_of(answer: Answer) -> str:
    """Why this is no answer to what was asked; empty if it is one."""
    code = answer.body.get("code", "") if isinstance(answer.body, dict) else ""
    if answer.status in {401, 429} or answer.status >= 500 or code in BUSY:
        return f"{answer.status} {code}".strip()
    return ""
