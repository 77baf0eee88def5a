"""`python -m tests.storm [rounds]`: kill -9 under load, start again, and in the end count what broke."""

import asyncio
import random
import shutil
import sys
import tempfile
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import aiohttp

from tests.instance import Instance
from tests.journey.people import Person, Practitioner, join, practise
from tests.journey.world import Json, World

CLIENTS, CALM, SETTLED = 6, (1.5, 4.0), timedelta(minutes=16)
CARDS = ("pm_card_visa", "pm_card_visa", "pm_card_visa", "pm_card_chargeDeclined")
Lost = (aiohttp.ClientError, ConnectionError, TimeoutError, AssertionError, asyncio.TimeoutError)


@dataclass
class Promised:
    """What the instance has answered with 2xx: bookings, and of these the ones that it said were paid."""

    booked: dict[str, Person] = field(default_factory=dict)
    paid: set[str] = field(default_factory=set)


async def customer(world: World, person: Person, service: Json, starts: list[str], promised: Promised) -> None:
    """Books and pays for ever; repeats with the same key what a crash has cut off."""
    while True:
        start, key = random.choice(starts), world.unique("storm")
        try:
            body = {"service_id": service["id"], "start_time": start}
            booking = await person.post("/bookings/", body, key=key, expect=(201, 409))
            if booking.status == 201:
                promised.booked[booking["id"]] = person
                await pay(world, person, booking.body, promised)
        except Lost:
            await asyncio.sleep(0.2)


async def pay(world: World, person: Person, booking: Json, promised: Promised) -> None:
    body = {"order_id": booking["payment"]["order_id"], "payment_method": random.choice(CARDS)}
    answer = await person.post("/payments/confirm/", body, key=world.unique("storm"), expect=200)
    if answer["status"] == "succeeded":
        promised.paid.add(booking["id"])


async def broken_promises(promised: Promised) -> list[str]:
    """A paid booking that is not confirmed, or a booking that nobody knows any more."""
    found = []
    for booking_id, person in promised.booked.items():
        status = (await person.get(f"/bookings/{booking_id}/", expect=200))["status"]
        if booking_id in promised.paid and status != "confirmed":
            found.append(f"booking {booking_id} was paid and is {status}")
        if booking_id not in promised.paid and status == "pending_payment":
            found.append(f"booking {booking_id} still waits for payment")
    return found


async def storm(instance: Instance, rounds: int) -> int:
    """The number of things that broke."""
    promised = Promised()
    timeout = aiohttp.ClientTimeout(total=15)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0), timeout=timeout) as http:
        world = World(instance.url, http)
        practitioner: Practitioner = await practise(world)
        service, day = await practitioner.offers(minutes=15), await world.day(7)
        starts = [slot["start_time"] for slot in await practitioner.slots(service, day, 21)]
        people = await asyncio.gather(*(join(world) for _ in range(CLIENTS)))
        tasks = [asyncio.create_task(customer(world, p, service, starts, promised)) for p in people]
        for number in range(1, rounds + 1):
            await asyncio.sleep(random.uniform(*CALM))
            await asyncio.to_thread(instance.kill)
            await asyncio.to_thread(instance.start)
            print(f"  killed {number} times: {len(promised.booked)} booked, {len(promised.paid)} paid", flush=True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await world.advance(SETTLED)
        await asyncio.sleep(8)
        broken = await broken_promises(promised)
    code, output = await asyncio.to_thread(instance.invariants)
    print(output)
    print("\n".join(broken) or "every promise was kept")
    return len(broken) + code


def main(rounds: int) -> int:
    folder = Path(tempfile.mkdtemp(prefix="estuary-storm-"))
    instance = Instance(folder)
    instance.start()
    try:
        broken = asyncio.run(storm(instance, rounds))
    finally:
        instance.stop()
    if broken:
        print(f"the log is {instance.log}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 8))
