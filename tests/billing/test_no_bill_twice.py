"""Subscriptions renew while their instance is killed again and again: each period is charged once."""

import asyncio
import random
from collections import Counter

import pytest

from tests.instance import Instance
from tests.journey.people import Person, join
from tests.journey.world import Json, World, eventually

pytestmark = [pytest.mark.journey, pytest.mark.slow, pytest.mark.timeout(2400)]
SUBSCRIBERS, PERIODS, KILLS, CONCURRENCY = 200, 3, 25, 10
CALM = (0.0, 2.5)
MONTHS = {0: "P14D", 9: "P31D", 17: "P31D"}
"""How far time goes before which kill: to the end of the trials, and twice to that of a period."""


async def test_rule_mn_1_killed_25_times_600_periods_are_charged_once_each(own: Instance, world: World):
    plan = (await world.call("GET", "/plans/?kind=organizer"))["results"][0]
    turns = asyncio.Semaphore(CONCURRENCY)
    people = await asyncio.gather(*(subscribes(world, turns, plan["id"]) for _ in range(SUBSCRIBERS)))
    await staff(world, "/sandbox/stripe/webhooks/", {"copies": 5, "shuffle": True, "delay_seconds": 0.2})
    for number in range(KILLS):
        if number in MONTHS:
            await staff(world, "/sandbox/clock/", {"advance": MONTHS[number]})
        await asyncio.sleep(random.uniform(*CALM))
        await asyncio.to_thread(own.kill)
        await asyncio.to_thread(own.start)

    async def all_paid() -> None:
        counts = Counter([await periods(person) for person in people])
        assert counts == {("paid",) * PERIODS: SUBSCRIBERS}

    await eventually(all_paid, 60)
    charges = await charges_at_stripe(world)
    assert len(charges) == PERIODS * SUBSCRIBERS
    assert set(Counter(charge["payment_intent"] for charge in charges).values()) == {1}
    assert {charge["amount"] for charge in charges} == {4900}
    code, said = await asyncio.to_thread(own.invariants)
    assert code == 0, said


async def subscribes(world: World, turns: asyncio.Semaphore, plan_id: str) -> Person:
    """Somebody who saves a card and begins a trial."""
    async with turns:
        person = await join(world)
        await person.post("/payments/methods/", {"payment_method": "pm_card_visa"}, expect=201)
        made = await person.post("/subscriptions/", {"plan_id": plan_id, "interval": "month"}, expect=201)
        assert made["status"] == "trialing", made.body
        return person


async def staff(world: World, path: str, body: Json) -> None:
    await world.call("POST", path, body, token=await world.staff_token())


async def periods(person: Person) -> tuple[str, ...]:
    """The states of the person's periods, oldest first."""
    await person.sign_in_again()
    (subscription,) = (await person.get("/subscriptions/"))["results"]
    listed = (await person.get(f"/subscriptions/{subscription['id']}/periods/"))["results"]
    return tuple(period["status"] for period in reversed(listed))


async def charges_at_stripe(world: World) -> list[Json]:
    """All that succeeded."""
    found: list[Json] = []
    page: Json = {"has_more": True, "data": []}
    headers = {"Authorization": "Bearer sk_test_estuary"}
    while page["has_more"]:
        after = f"&starting_after={page['data'][-1]['id']}" if page["data"] else ""
        path = f"//sandbox/stripe/v1/charges?limit=100{after}"
        page = (await world.call("GET", path, headers=headers)).body
        found += page["data"]
    return [charge for charge in found if charge["status"] == "succeeded"]
