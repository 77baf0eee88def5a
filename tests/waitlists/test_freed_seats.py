"""A freed seat goes to the first who waits, whoever else asks for it at that moment, and whenever the process dies."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial

import pytest

from tests.billing.test_members_killed import insist
from tests.instance import Instance
from tests.journey.people import Person, Scene, join, set_scene
from tests.journey.world import Answer, Json, World, eventually, instant

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(1800)]
CROWD, PEOPLE, KILLS = 10, 8, 10
CALM = (0.0, 2.5)


async def test_bk_3_fifty_clients_grab_while_a_seat_is_freed_and_the_first_who_waits_has_it(world: World):
    scene = await set_scene(world, price=0, offer_minutes=15)
    start = scene.starts[0]
    holder, first, second, *crowd = await asyncio.gather(*(join(world, "Cem") for _ in range(CROWD + 3)))
    booking = await holder.book(scene.service, start)
    entries = [await waits(person, scene, start) for person in (first, second)]

    async def freed_by(act: Callable[[], Awaitable[object]]) -> Counter[int]:
        """Fifty clients ask for the start before, while and after the seat is freed; how they were answered."""
        asked = [asyncio.create_task(try_book(person, scene, start)) for person in crowd * 5]
        await act()
        return Counter(answer.status for answer in await asyncio.gather(*asked))

    async def offered_to(person: Person, entry: Json) -> None:
        found = (await person.get("/waitlist/", expect=200))["results"]
        assert [(each["id"], each["status"]) for each in found] == [(entry["id"], "offered")]

    # The seat is cancelled: the first who waits has it, and none of the fifty.
    assert await freed_by(lambda: holder.post(f"/bookings/{booking['id']}/cancel/", expect=200)) == {409: 50}
    await offered_to(first, entries[0])
    # The first turns it down: the second has it, and none of the fifty.
    path = f"/waitlist/{entries[0]['id']}/"
    assert await freed_by(lambda: world.call("DELETE", path, token=first.token, expect=204)) == {409: 50}
    await offered_to(second, entries[1])
    # The second takes it, cancels, and nobody waits any more: one of the fifty has it.
    taken = await second.post(f"/waitlist/{entries[1]['id']}/accept/", expect=201)
    assert taken["status"] == "confirmed"
    await second.post(f"/bookings/{taken['id']}/cancel/", expect=200)
    assert await freed_by(lambda: asyncio.sleep(0)) == {201: 1, 409: 49}


@dataclass
class Regular:
    """A client who wants one of a few starts: books, waits where it is full, takes or turns down what is offered."""

    person: Person
    scene: Scene
    starts: list[str]
    chance: random.Random
    did: Counter[str] = field(default_factory=Counter)

    async def goes_on(self, is_over: asyncio.Event) -> None:
        """Until it is over; insists on an answer each time."""
        while not is_over.is_set():
            start = self.chance.choice(self.starts)
            made = await self._insist("/bookings/", {"service_id": self.scene.service["id"], "start_time": start})
            self.did[f"book {made.status}"] += 1
            assert made.status in (201, 409), made.body
            if made.status == 409:
                await self._wait(start)
            await self._decide()
            await self._cancel_one()

    async def _wait(self, start: str) -> None:
        made = await self._insist(f"/services/{self.scene.service['id']}/waitlist/", {"start_time": start})
        self.did[f"wait {made.status}"] += 1
        assert made.status in (200, 201) or made["code"] == "not_full", made.body

    async def _decide(self) -> None:
        entries = await insist(lambda: self.person.get("/waitlist/?limit=100", expect=None))
        for entry in entries["results"]:
            if entry["status"] == "offered" and self.chance.random() < 0.6:
                made = await self._insist(f"/waitlist/{entry['id']}/accept/", {})
                self.did[f"accept {made.status}"] += 1
                assert made.status == 201, made.body
            elif entry["status"] == "offered":
                turn_down = partial(self.person.world.call, "DELETE", f"/waitlist/{entry['id']}/")
                gone = await insist(partial(turn_down, token=self.person.token))
                assert gone.status == 204, gone.body

    async def _cancel_one(self) -> None:
        listed = await insist(lambda: self.person.get("/bookings/?status=confirmed&limit=100", expect=None))
        if listed["results"]:
            booking = self.chance.choice(listed["results"])
            done = await self._insist(f"/bookings/{booking['id']}/cancel/", {})
            assert done.status == 200, done.body

    async def _insist(self, path: str, body: Json) -> Answer:
        key = self.person.world.unique("insist")
        return await insist(lambda: self.person.post(path, body, key=key, expect=None))


async def test_bk_3_killed_again_and_again_each_seat_is_one_booking_s_or_one_offer_s(own: Instance, world: World):
    scene = await set_scene(world, price=0)
    people = [await join(world, "Cem") for _ in range(PEOPLE)]
    regulars = [Regular(person, scene, scene.starts[:3], random.Random(n)) for n, person in enumerate(people)]
    is_over = asyncio.Event()
    at_work = [asyncio.create_task(regular.goes_on(is_over)) for regular in regulars]
    for _ in range(KILLS):
        await asyncio.sleep(random.uniform(*CALM))
        await asyncio.to_thread(own.kill)
        await asyncio.to_thread(own.start)

    async def enough_is_taken() -> None:
        assert sum(regular.did["accept 201"] for regular in regulars) >= KILLS

    await eventually(enough_is_taken, 120)
    is_over.set()
    await asyncio.gather(*at_work)
    did = sum((regular.did for regular in regulars), Counter[str]())
    world.step(f"{dict(did)}, {KILLS} kills")

    async def all_settled() -> None:
        code, said = await asyncio.to_thread(own.invariants)
        assert code == 0, said

    await eventually(all_settled, 30)
    held = Counter[str]()
    for person in people:
        booked = (await person.get("/bookings/?status=confirmed&limit=100", expect=200))["results"]
        waiting = (await person.get("/waitlist/?limit=100", expect=200))["results"]
        held.update(instant(each["start_time"]).isoformat() for each in booked)
        held.update(instant(each["start_time"]).isoformat() for each in waiting if each["status"] == "offered")
    assert max(held.values()) == 1, held


async def waits(person: Person, scene: Scene, start: str) -> Json:
    path = f"/services/{scene.service['id']}/waitlist/"
    return (await person.post(path, {"start_time": start}, expect=201)).body


async def try_book(person: Person, scene: Scene, start: str) -> Answer:
    body = {"service_id": scene.service["id"], "start_time": start}
    return await person.post("/bookings/", body, expect=None)
