"""The storm over the all-in-one: it is killed, started again, and must have kept what it said."""

import asyncio
import random
import time
from datetime import timedelta

import aiohttp

from tests.instance import Instance
from tests.journey.people import join, practise
from tests.journey.world import World
from tests.storm.customers import Customers, OpenService
from tests.storm.verdict import Judge

CLIENTS, FINAL_SECONDS = 6, 60
HOLDS_ARE_OVER = timedelta(minutes=16)


async def storm(instance: Instance, kills: int, calm: tuple[float, float], seed: int) -> list[str]:
    """What broke, a line each, after so many kills with a calm of so many seconds (from, to) before each."""
    chance, timeout = random.Random(seed), aiohttp.ClientTimeout(total=15)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as http:
        world = World(instance.url, http)
        customers = await prepare_customers(world, chance)
        shopping = asyncio.create_task(customers.shop())
        for number in range(1, kills + 1):
            await asyncio.sleep(chance.uniform(*calm))
            await asyncio.to_thread(instance.kill)
            await asyncio.to_thread(instance.start)
            customers.note_restart()
            said = f"{len(customers.notes.booked)} booked, {len(customers.notes.paid)} paid"
            print(f"  killed {number} times: {said}", flush=True)
        customers.leave.set()
        await shopping
        await world.advance(HOLDS_ARE_OVER)
        judge = Judge(customers)
        verdict = await judge.final(time.monotonic() + FINAL_SECONDS)
        broken = [*verdict.broken, *customers.notes.unanswered, *await judge.repeated()]
    code, output = await asyncio.to_thread(instance.invariants)
    print(f"  {dict(verdict.counts)}, {len(customers.notes.promises)} answers of 2xx; {output.splitlines()[-1]}")
    return [*broken, *([output] if code else [])]


async def prepare_customers(world: World, chance: random.Random) -> Customers:
    """One practitioner and three weeks of quarters of an hour."""
    practitioner = await practise(world)
    service = await practitioner.offers(minutes=15)
    slots = await practitioner.slots(service, await world.day(7), 21)
    people = [await join(world) for _ in range(CLIENTS)]
    return Customers(world, people, [OpenService(service["id"], slot["start_time"]) for slot in slots], chance)
