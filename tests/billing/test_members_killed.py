"""Members book and cancel while their instance is killed again and again: no session is lost, or used twice."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp
import pytest

from tests.instance import Instance
from tests.journey.memberships import joins, offer
from tests.journey.people import Person, Scene, join, set_scene
from tests.journey.world import Answer, Json, World, eventually

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(2400)]
MEMBERS, SESSIONS, KILLS, NET = 12, 3, 6, 10_000
CALM = (0.0, 2.5)
KEPT = ("confirmed", "in_progress", "completed")


@dataclass
class Member:
    """Somebody who books with a membership, and cancels about two of three bookings."""

    person: Person
    subscription: Json
    chance: random.Random
    kept: list[str] = field(default_factory=list)
    booked: int = 0

    async def goes_on(self, scene: Scene, is_over: asyncio.Event) -> None:
        """Until it is over: books, perhaps cancels, and insists on an answer each time."""
        while not is_over.is_set():
            start = self.chance.choice(scene.starts[:8])
            body = {"service_id": scene.service["id"], "start_time": start, "use_membership": True}
            made = await self._insist("/bookings/", body)
            if made.status == 409:
                assert made["code"] in ("no_sessions_left", "slot_taken", "hold_expired"), made.body
                await self._cancel_one()
                continue
            assert made.status == 201, made.body
            self.booked += 1
            self.kept.append(made["id"])
            if self.chance.random() < 0.5:
                await self._cancel_one()

    async def _cancel_one(self) -> None:
        if self.kept:
            gone = self.kept.pop(self.chance.randrange(len(self.kept)))
            done = await self._insist(f"/bookings/{gone}/cancel/", {})
            assert done.status == 200, done.body

    async def _insist(self, path: str, body: Json) -> Answer:
        key = self.person.world.unique("insist")
        return await insist(lambda: self.person.post(path, body, key=key, expect=None))

    async def is_settled(self) -> None:
        """What is confirmed is what was kept, and each of it has used one session."""
        listed = (await self.person.get("/bookings/?limit=100", expect=200))["results"]
        kept = {booking["id"] for booking in listed if booking["status"] in KEPT}
        assert kept == set(self.kept), Counter(booking["status"] for booking in listed)
        shown = await self.person.get(f"/subscriptions/{self.subscription['id']}/", expect=200)
        assert shown["benefits"]["sessions_left"] == SESSIONS - len(kept), shown.body


async def insist(ask: Callable[[], Awaitable[Answer]]) -> Answer:
    """The first answer that is one; whatever was done, the same key does it once."""
    while True:
        try:
            answer = await ask()
        except (aiohttp.ClientError, OSError):
            await asyncio.sleep(0.1)
        except AssertionError as error:
            if "-> 503" not in str(error) and "-> 502" not in str(error):
                raise
            await asyncio.sleep(0.1)
        else:
            if answer.status != 409 or answer["code"] != "request_in_progress":
                return answer
            await asyncio.sleep(0.3)


async def test_rule_mn_6_killed_again_and_again_no_session_is_lost_or_used_twice(own: Instance, world: World):
    scene = await set_scene(world, max_participants=MEMBERS * SESSIONS)
    plan = await offer(world, SESSIONS)
    people = [await join(world) for _ in range(MEMBERS)]
    members = [Member(person, await joins(person, plan), random.Random(n)) for n, person in enumerate(people)]
    is_over = asyncio.Event()
    at_work = [asyncio.create_task(member.goes_on(scene, is_over)) for member in members]
    for _ in range(KILLS):
        await asyncio.sleep(random.uniform(*CALM))
        await asyncio.to_thread(own.kill)
        await asyncio.to_thread(own.start)
    is_over.set()
    await asyncio.gather(*at_work)

    async def all_settled() -> None:
        for member in members:
            await member.is_settled()
        await scene.practitioner.earns(pending=NET * sum(len(member.kept) for member in members))

    await eventually(all_settled, 30)
    booked, kept = sum(member.booked for member in members), sum(len(member.kept) for member in members)
    world.step(f"{booked} booked, {kept} of them kept, {KILLS} kills")
    assert booked > MEMBERS * SESSIONS
    code, said = await asyncio.to_thread(own.invariants)
    assert code == 0, said
